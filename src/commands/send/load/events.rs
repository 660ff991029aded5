//! What is mixed: `UserCardScanned=8 ClassesBooked=2`.

use crate::cli::SendArgs;
use crate::commands::failure::Failure;
use crate::commands::outgoing;
use crate::load::Template;
use crate::payload::Variation;
use crate::report::escape;

/// An event and how often it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Weighted {
    pub(super) event: String,
    pub(super) weight: u32,
}

/// The events of the command line with their weights.
pub(super) fn read(args: &SendArgs) -> Result<Vec<Weighted>, Failure> {
    args.event.iter().map(|text| weighted(text)).collect()
}

fn weighted(text: &str) -> Result<Weighted, Failure> {
    let Some((event, weight)) = text.rsplit_once('=') else {
        return Ok(Weighted { event: text.to_owned(), weight: 1 });
    };
    match weight.parse() {
        Ok(weight @ 1..) => Ok(Weighted { event: event.to_owned(), weight }),
        _ => Err(Failure::new(format!(
            "{}: a weight is a whole number from 1, as in {}=8",
            escape(text),
            escape(event)
        ))),
    }
}

/// Their bodies, with holes for what varies.
pub(super) fn templates(
    events: &[Weighted],
    args: &SendArgs,
) -> Result<Vec<(u32, Template)>, Failure> {
    let names: Vec<_> = events.iter().map(|weighted| weighted.event.clone()).collect();
    let samples = outgoing::samples(&names, &args.payload)?;
    let template = |(weighted, sample): (&Weighted, crate::fixtures::Sample)| {
        let vary: &[Variation] = &args.load.vary;
        let template = Template::new(&sample.event, sample.data, vary);
        let template =
            template.map_err(|error| outgoing::edit_failure("--vary", &weighted.event, error))?;
        Ok((weighted.weight, template))
    };
    events.iter().zip(samples).map(template).collect()
}
