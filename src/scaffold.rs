//! Receivers to start from, embedded from `examples/receivers/`: one folder each, whose README says
//! what it is for and how to run it.

use crate::text::nearest;

include!(concat!(env!("OUT_DIR"), "/receiver_files.rs"));

/// Other words for a receiver, and those that they may mean.
const ALIASES: &[(&[&str], &[&str])] = &[
    (&["javascript", "js", "nodejs"], &["node", "express"]),
    (&["typescript", "ts"], &["nestjs", "nextjs", "deno"]),
    (&["next", "next.js", "vercel"], &["nextjs"]),
    (&["nest"], &["nestjs"]),
    (&["supabase", "edge"], &["deno"]),
    (&["worker", "workers", "cloudflare-worker", "wrangler"], &["cloudflare"]),
    (&["python", "py", "django"], &["flask", "fastapi"]),
    (&["laravel", "symfony"], &["php"]),
    (&["golang"], &["go"]),
    (&["sinatra", "rails", "rack", "rb"], &["ruby"]),
    (&["spring", "kotlin", "jdk"], &["java"]),
    (&["c#", "dotnet", ".net", "asp.net", "aspnet", "cs"], &["csharp"]),
    (&["axum", "rs"], &["rust"]),
    (&["integromat"], &["make"]),
    (&["flow", "microsoft-flow"], &["power-automate"]),
];

/// A receiver, or a note on a product in which none can be written.
#[derive(Debug, Clone, Copy)]
pub struct Scaffold {
    /// What to type for it.
    pub name: &'static str,
    /// Its files: the path within its folder, and the content. One is `README.md`.
    pub files: &'static [(&'static str, &'static str)],
}

impl Scaffold {
    /// All of them, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        FOLDERS.iter().map(|(name, files)| Self { name, files })
    }

    /// The one with this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::all().find(|scaffold| scaffold.name == name)
    }

    /// The names that an unknown one may stand for: those of its language, or the nearest one.
    pub fn suggestions(name: &str) -> Vec<&'static str> {
        let name = name.to_lowercase();
        let meant = ALIASES.iter().find(|(words, _)| words.contains(&name.as_str()));
        match meant {
            Some((_, names)) => names.to_vec(),
            None => {
                let words = ALIASES.iter().flat_map(|(words, _)| *words).copied();
                let known: Vec<_> = Self::all().map(|known| known.name).chain(words).collect();
                match nearest(&name, &known) {
                    Some(near) if Self::find(near).is_none() => Self::suggestions(near),
                    near => near.into_iter().collect(),
                }
            }
        }
    }

    /// What it is for, and whether it was tested.
    pub fn title(&self) -> &'static str {
        self.readme().lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// The two commands that run it and check it: the first code block of its README.
    pub fn commands(&self) -> impl Iterator<Item = &'static str> {
        let block = self.readme().split("```\n").nth(1).unwrap_or_default();
        block.lines()
    }

    /// The code; `None` for a note, which is its [`readme`](Self::readme).
    pub fn code(&self) -> Option<&'static str> {
        const CODE: [&str; 10] =
            [".mjs", ".js", ".ts", ".py", ".php", ".go", ".rb", ".java", ".cs", ".rs"];
        let is_code = |path: &str| CODE.iter().any(|ending| path.ends_with(ending));
        self.files.iter().find(|(path, _)| is_code(path)).map(|(_, text)| *text)
    }

    /// What it is for and how to run it, in Markdown.
    pub fn readme(&self) -> &'static str {
        let readme = self.files.iter().find(|(path, _)| *path == "README.md");
        readme.map_or("", |(_, text)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_title_and_commands() {
        for scaffold in Scaffold::all() {
            let commands: Vec<_> = scaffold.commands().collect();
            assert!(!scaffold.title().is_empty(), "{}", scaffold.name);
            assert!(commands.iter().any(|line| line.contains("pgwh check-target")), "{commands:?}");
            assert!(!scaffold.readme().is_empty(), "{}", scaffold.name);
        }
    }

    #[test]
    fn languages_and_misspelled_names_lead_to_receivers() {
        for (name, expected) in [
            ("python", &["flask", "fastapi"][..]),
            ("C#", &["csharp"]),
            ("expres", &["express"]),
            ("pyton", &["flask", "fastapi"]),
            ("cobol", &[]),
        ] {
            assert_eq!(Scaffold::suggestions(name), expected, "{name}");
        }
        for (words, names) in ALIASES {
            assert!(names.iter().all(|name| Scaffold::find(name).is_some()), "{words:?}");
        }
    }
}
