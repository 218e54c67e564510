//! `aftercare serve`: the shop, until it is told to stop.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::future::IntoFuture;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use db::{DatabaseUrl, Engine};
use jobs::Runner;
use kernel::{Error, Result};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::{Role, ServeArgs};
use crate::doorway::Doorway;
use crate::house::{House, Setting};
use crate::{Config, commands, erasures, log, team};

/// How long a stopping process waits for what it has begun.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the command.
pub fn run(args: &ServeArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    shop(commands::config(&args.config, env)?, Setting::server(), args.role, |_| Router::new())?;
    Ok(ExitCode::SUCCESS)
}

/// Serves a shop of any setting until it is told to stop, with `more` routes beside its own: for experiments that are
/// this program and a little more.
pub fn shop(config: Config, setting: Setting, role: Role, more: impl FnOnce(&House) -> Router) -> Result<()> {
    let house = House::open(config, setting)?;
    let _only_one = lock(&house.config.database_url)?;
    let more = more(&house);
    commands::block_on(serve(house, role, more))
}

async fn serve(house: House, role: Role, more: Router) -> Result<()> {
    if role != Role::All && house.db.engine() == Engine::Sqlite {
        return Err(Error::invalid("config", "With SQLite one process does everything: leave --role away."));
    }
    let applied = house.migrate()?;
    tracing::info!(version = applied.version, applied = applied.ran.len(), "database.ready");
    let forgotten = erasures::replay(&house.db, &house.config.erasure_log).await?;
    if forgotten > 0 {
        tracing::info!(forgotten, "erasures.replayed");
    }
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(when_told(stop));
    // The pages are made while what the staff has set is read. Where it is not what they were made of, whoever opens the
    // first one gets them made anew.
    let making = tokio::task::spawn_blocking({
        let house = house.clone();
        move || pages(&house, role, more)
    });
    house.refresh().await?;
    let pages =
        making.await.map_err(|panic| Error::internal(format!("the pages can't be made: {panic}")))??;
    tokio::spawn(house.clone().keep_current(stopping.clone()));
    // Side by side: who opens a page need not wait until this process is registered for work.
    tokio::try_join!(
        look(house.config.listen, pages, stopping.clone()),
        welcome(&house, role),
        work(&house, role, stopping),
    )?;
    house.db.clone().close().await;
    tracing::info!("stopped");
    Ok(())
}

/// While nobody works here, whoever started the program is told how to get in. To the terminal and not to the log: the
/// link is a key.
async fn welcome(house: &House, role: Role) -> Result<()> {
    if role == Role::Worker {
        return Ok(());
    }
    if let Some(link) = team::first_owners_link(house).await? {
        eprintln!(
            "Nobody works here yet. Open this link to become the owner; it works once, for three days:\n{link}"
        );
    }
    Ok(())
}

/// Pages and endpoints, if that is this process's role.
fn pages(house: &House, role: Role, more: Router) -> Result<Option<Router>> {
    match role {
        Role::All | Role::Web => house.router().map(|router| Some(router.merge(more))),
        Role::Worker => Ok(None),
    }
}

/// Serves them.
async fn look(address: SocketAddr, pages: Option<Router>, stopping: watch::Receiver<bool>) -> Result<()> {
    match pages {
        Some(pages) => listen(address, pages, stopping).await,
        None => Ok(()),
    }
}

/// Does what is due, if that is this process's role, and when it is told to stop finishes what it has begun.
async fn work(house: &House, role: Role, stopping: watch::Receiver<bool>) -> Result<()> {
    if role == Role::Web {
        return Ok(());
    }
    let runner: Arc<Runner> = house.runner().await?;
    let mut working = tokio::spawn(runner.serve(stopping.clone()));
    tokio::select! {
        // A process without workers is better not there: whoever looks after it starts it again.
        ended = &mut working => {
            return ended.map_err(|panic| Error::internal(format!("the workers have stopped: {panic}")));
        }
        () = until(stopping) => {}
    }
    if tokio::time::timeout(PATIENCE, working).await.is_err() {
        tracing::warn!("some work was not finished in time; it goes on at the next start");
    }
    Ok(())
}

/// Serves `router` until told to stop, then finishes the requests that have begun, with as much patience as for work.
pub async fn listen(address: SocketAddr, router: Router, stopping: watch::Receiver<bool>) -> Result<()> {
    let cannot =
        |error: std::io::Error| Error::invalid("config", format!("Can't listen on {address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    tracing::info!(%address, "listening");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served =
        axum::serve(Doorway::around(listener), service).with_graceful_shutdown(until(stopping.clone()));
    tokio::select! {
        served = served.into_future() => served.map_err(|error| Error::internal(format!("the server stopped: {error}"))),
        () = out_of_patience(stopping) => {
            tracing::warn!("some requests took too long and were cut off");
            Ok(())
        }
    }
}

async fn out_of_patience(stopping: watch::Receiver<bool>) {
    until(stopping).await;
    // A future that never comes, so that only the time counts.
    let _ = tokio::time::timeout(PATIENCE, std::future::pending::<()>()).await;
}

async fn until(mut stopping: watch::Receiver<bool>) {
    // A sender that is gone means the same as one that says so.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Says stop on Ctrl-C and on SIGTERM.
pub async fn when_told(stop: watch::Sender<bool>) {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!(%error, "no SIGTERM handler");
            return;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    stop.send_replace(true);
}

/// Two processes on one SQLite file would free each other's work: the second is refused.
pub fn lock(url: &DatabaseUrl) -> Result<Option<File>> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(None) };
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let cannot =
        |error: std::io::Error| Error::invalid("config", format!("Can't lock {}: {error}", path.display()));
    let file = File::options().create(true).truncate(false).write(true).open(&name).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            let words = format!(
                "Another process serves {} already. For several nodes use PostgreSQL.",
                path.display()
            );
            Err(Error::invalid("config", words))
        }
        Err(TryLockError::Error(error)) => Err(cannot(error)),
    }
}
