//! A wire to an engine that can fall silent, as a machine does that is gone: it takes connections, and what goes in doesn't come out.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The wire. It goes with its test's runtime.
pub struct Wire {
    address: SocketAddr,
    flows: watch::Sender<bool>,
}

impl Wire {
    /// A wire to `engine`, of a URL like "redis://127.0.0.1:6379", and that URL with the wire's address in it.
    ///
    /// # Panics
    /// When the URL names no address, or no port is free.
    pub async fn to(url: &str) -> (Self, String) {
        let authority = url.split_once("://").expect("a URL").1;
        let authority = authority.split(['/', '?']).next().unwrap_or_default();
        let engine = authority
            .rsplit_once('@')
            .map_or(authority, |(_, it)| it)
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (flows, seen) = watch::channel(true);
        let url = url.replacen(&engine, &address.to_string(), 1);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&engine).await else {
                    continue;
                };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(carry(near_in, far_out, seen.clone()));
                tokio::spawn(carry(far_in, near_out, seen.clone()));
            }
        });
        (Self { address, flows }, url)
    }

    /// Where it begins.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on nothing comes through.
    pub fn fall_silent(&self) {
        self.flows.send_replace(false);
    }

    /// What was held back comes through, and whatever follows.
    pub fn flow(&self) {
        self.flows.send_replace(true);
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut flows: watch::Receiver<bool>) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if flows.wait_for(|flows| *flows).await.is_err() || to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
