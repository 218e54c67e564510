//! What a page weighs with everything it loads: as it is, as it is served, and as a proxy in front compresses it.

use std::path::Path;
use std::process::Command;

use kernel::{Error, Result};
use rig::app::{App, Response};

use crate::report::{Bound, Figure, Table};
use crate::stats::Spread;

/// The budget of a customer's page: HTML and stylesheets in KiB, compressed; and requests.
const HTML_KIB: f64 = 8.0;
const CSS_KIB: f64 = 7.0;
const REQUESTS: f64 = 5.0;
const KIB: f64 = 1_024.0;
const HTML: &str = "text/html";
/// What a browser says that it can read.
const BROWSER: [(&str, &str); 1] = [("Accept-Encoding", "gzip, deflate, br, zstd")];

/// One file.
pub struct Piece {
    name: String,
    kind: String,
    /// Of its body.
    plain: usize,
    /// Of head and body, as a browser gets them from the program itself.
    served: usize,
    /// Of the body when a proxy compresses it.
    zipped: usize,
}

/// Asks for some pages, each with its name, and for everything that the first of them loads at once.
pub fn weigh(app: &App, folder: &Path, pages: &[(&str, &str)]) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    for (name, path) in pages {
        pieces.push(piece(app, folder, name, path)?);
    }
    let first = pages.first().map(|(_, path)| app.get(path, &[]).text()).unwrap_or_default();
    for path in loaded(&first) {
        pieces.push(piece(app, folder, &path, &path)?);
    }
    Ok(pieces)
}

fn piece(app: &App, folder: &Path, name: &str, path: &str) -> Result<Piece> {
    let (plain, served) = (app.get(path, &[]), app.get(path, &BROWSER));
    if plain.status != 200 || served.status != 200 {
        return Err(Error::internal(format!("{path} answers {} and {}", plain.status, served.status)));
    }
    Ok(Piece {
        kind: plain
            .header("content-type")
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned(),
        zipped: zipped(folder, &plain.body)?,
        plain: plain.body.len(),
        served: head_bytes(&served) + served.body.len(),
        name: name.to_owned(),
    })
}

/// The bytes of a head: its first line, its fields and the empty line behind them.
fn head_bytes(answer: &Response) -> usize {
    let fields = answer.headers.iter().map(|(name, value)| name.len() + value.len() + ": \r\n".len());
    "HTTP/1.1 200 OK\r\n".len() + fields.sum::<usize>() + "\r\n".len()
}

/// What `gzip` makes of it at the level that proxies use.
fn zipped(folder: &Path, body: &[u8]) -> Result<usize> {
    let file = folder.join("weighed");
    let failed = |error: std::io::Error| Error::internal(format!("gzip: {error}"));
    std::fs::write(&file, body).map_err(failed)?;
    let done =
        Command::new("gzip").args(["-6", "--no-name", "--stdout"]).arg(&file).output().map_err(failed)?;
    if done.status.success() {
        Ok(done.stdout.len())
    } else {
        Err(Error::internal(format!("gzip: {}", String::from_utf8_lossy(&done.stderr))))
    }
}

/// The addresses of our own that a browser loads by itself: stylesheets, the icon, pictures and scripts.
fn loaded(html: &str) -> Vec<String> {
    let tags = html.split('<').map(|rest| rest.split('>').next().unwrap_or_default());
    let wanted = tags.filter_map(|tag| match tag.split_whitespace().next()? {
        "link" => attribute(tag, "href"),
        "script" | "img" => attribute(tag, "src"),
        _ => None,
    });
    wanted.filter(|path| path.starts_with('/')).map(str::to_owned).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[at..].split('"').next()
}

/// What they weigh beside the budget.
pub fn figures(pieces: &[Piece]) -> Vec<Figure> {
    let html = pieces.iter().filter(|piece| piece.kind == HTML).map(|page| {
        let what = format!("HTML of an order with a parcel, compressed: {}", page.name);
        kept(&what, page.zipped as f64 / KIB, "KiB", "`gzip -6`", HTML_KIB)
    });
    let loaded: Vec<&Piece> = pieces.iter().filter(|piece| piece.kind != HTML).collect();
    let sheets =
        loaded.iter().filter(|piece| piece.kind == "text/css").map(|piece| piece.zipped).sum::<usize>();
    let first = pieces.iter().take(1).chain(loaded.iter().copied());
    let served = first.map(|piece| piece.served).sum::<usize>() as f64 / KIB;
    let beside = "a proxy in front compresses";
    let mut figures: Vec<Figure> = html.collect();
    figures.extend([
        kept("its stylesheets, compressed", sheets as f64 / KIB, "KiB", "`gzip -6`", CSS_KIB),
        kept("requests for it", 1.0 + loaded.len() as f64, "", "the first time; one from then on", REQUESTS),
        Figure::new("all of it as the program serves it, with heads", Spread::single(served), "KiB", beside),
    ]);
    figures
}

fn kept(what: &str, value: f64, unit: &str, beside: &str, most: f64) -> Figure {
    Figure::new(what, Spread::single(value), unit, beside).floor(Bound::AtMost(most))
}

/// Each file.
pub fn table(pieces: &[Piece]) -> Table {
    let row = |piece: &Piece| {
        let numbers = [piece.plain, piece.served, piece.zipped].map(|bytes| bytes.to_string());
        [vec![piece.name.clone()], numbers.to_vec()].concat()
    };
    Table {
        caption: "What a page loads, in bytes.".to_owned(),
        head: ["file", "as it is", "as served, with its head", "compressed"].map(str::to_owned).to_vec(),
        rows: pieces.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_loads_by_itself_is_found() {
        let html = "<link rel=\"stylesheet\" href=\"/assets/a.css\"><a href=\"/b\">b</a><img alt=\"\" src=\"/c.svg\">\
                    <script defer src=\"/d.js\"></script><img src=\"https://elsewhere.test/e.png\"><link rel=\"icon\" href=\"/f.svg\">";
        assert_eq!(loaded(html), ["/assets/a.css", "/c.svg", "/d.js", "/f.svg"]);
    }
}
