//! One word over HTTP by the same server as Aftercare's: what starting, idling and weighing cost at least.

use axum::Router;
use axum::routing::get;

fn main() -> std::io::Result<()> {
    let port: u16 = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(0);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
        axum::serve(listener, Router::new().route("/healthz", get(async || "hello"))).await
    })
}
