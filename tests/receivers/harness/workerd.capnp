# Runs the worker as `wrangler dev` does, without wrangler.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .receiver)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const receiver :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "index.js")],
  compatibilityDate = "2025-09-01",
  bindings = [
    (name = "PGM_WEBHOOK_SECRET", fromEnvironment = "PGM_WEBHOOK_SECRET"),
    (name = "PGM_WEBHOOK_SECRET_OLD", fromEnvironment = "PGM_WEBHOOK_SECRET_OLD"),
  ],
);
