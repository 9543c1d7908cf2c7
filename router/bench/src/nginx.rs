//! A plain reverse proxy to hold the router beside: nginx in front of `/whole`, which answers the same operations in one piece. It
//! does what every proxy must (read a request, pass it on over a kept connection, pass the answer back), so that it says what of the
//! router's work HTTP alone costs.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::started::Started;

/// Starts nginx with its files in `folder`, listening on `port`, in front of `upstream` (`address:port`). `None` when there is no
/// nginx on this machine.
pub fn start(program: &Path, folder: &Path, port: u16, upstream: &str) -> Result<Option<Started>> {
    let can_run = Command::new(program)
        .arg("-v")
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !can_run {
        return Ok(None);
    }
    let config = folder.join("nginx.conf");
    let at = folder.display();
    let text = format!(
        "daemon off; worker_processes auto; pid {at}/nginx.pid; error_log {at}/error.log;
         events {{ worker_connections 1024; }}
         http {{
           access_log off; tcp_nodelay on; keepalive_requests 100000000; client_body_temp_path {at}/body;
           proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
           proxy_buffers 32 8k; client_body_buffer_size 64k;
           upstream whole {{ server {upstream}; keepalive 256; keepalive_requests 100000000; }}
           server {{
             listen 127.0.0.1:{port};
             location / {{
               proxy_pass http://whole/whole; proxy_http_version 1.1; proxy_set_header Connection \"\";
             }}
           }}
         }}"
    );
    fs::write(&config, text).with_context(|| format!("write {}", config.display()))?;
    let mut command = Command::new(program);
    command
        .arg("-c")
        .arg(&config)
        .arg("-e")
        .arg(folder.join("error.log"));
    Started::new("nginx", &mut command).map(Some)
}
