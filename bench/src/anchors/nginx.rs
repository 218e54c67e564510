//! A private nginx that serves one static file.

use std::fs;
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

use kernel::{Error, Result};
use rig::process::{self, Folder};

use super::{Server, io_failed};

const STARTING: Duration = Duration::from_secs(10);

const CONFIG: &str = "daemon off;
worker_processes auto;
user root;
error_log {folder}/error.log;
pid {folder}/pid;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  keepalive_requests 1000000000;
  types { text/html html; }
  open_file_cache max=100;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server { listen 127.0.0.1:{port}; root {folder}; }
}
";

/// A running nginx with as many workers as there are processors.
pub struct Nginx {
    _server: Server,
    _folder: Folder,
    port: u16,
}

impl Nginx {
    /// The path of the page.
    pub const PAGE: &str = "/page.html";

    /// Serves `page`.
    pub fn start(page: &[u8]) -> Result<Nginx> {
        let folder = Folder::on_disk("nginx").map_err(io_failed("nginx's folder"))?;
        let port = process::free_port();
        let filled = CONFIG
            .replace("{folder}", &folder.path().display().to_string())
            .replace("{port}", &port.to_string());
        fs::write(folder.join("nginx.conf"), filled).map_err(io_failed("nginx.conf"))?;
        fs::write(folder.join("page.html"), page).map_err(io_failed("page.html"))?;
        let mut nginx = process::mortal("/usr/sbin/nginx");
        nginx.arg("-c").arg(folder.join("nginx.conf")).stdout(Stdio::null()).stderr(Stdio::null());
        let server = Server(process::spawn(nginx).map_err(io_failed("nginx"))?);
        let answers = || TcpStream::connect(("127.0.0.1", port)).is_ok().then_some(());
        process::wait_for(STARTING, answers).ok_or_else(|| Error::internal("nginx does not start"))?;
        Ok(Nginx { _server: server, _folder: folder, port })
    }

    /// Where the page is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, Nginx::PAGE)
    }

    /// The port it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}
