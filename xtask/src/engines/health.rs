//! Whether an engine answers, in its own language: a port that accepts is not yet a server that works.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);
/// How often we ask one that has just been started, and for how long: 60 s in all, on a machine that has much else to do.
const ASKING: (u32, Duration) = (600, Duration::from_millis(100));

/// Waits until it is healthy, or has ended, or has had its time.
pub fn answers(healthy: impl Fn() -> bool, runs: impl Fn() -> bool) -> bool {
    for _ in 0..ASKING.0 {
        if healthy() {
            return true;
        }
        if !runs() {
            return false;
        }
        thread::sleep(ASKING.1);
    }
    false
}

/// A start-up message that names no user: refused with an error (E) that says so; while it starts, with the code 57P03.
pub fn postgres(port: u16) -> bool {
    let startup = [0, 0, 0, 9, 0, 3, 0, 0, 0];
    ask(port, &startup, 64)
        .is_some_and(|it| it.first() == Some(&b'E') && !it.windows(5).any(|code| code == b"57P03"))
}

/// PING.
pub fn redis(port: u16) -> bool {
    ask(port, b"PING\r\n", 7).is_some_and(|it| it.starts_with(b"+PONG"))
}

/// ApiVersions, version 0: the request that a broker answers before any other.
pub fn kafka(port: u16) -> bool {
    let request = [
        0, 0, 0, 10, // the length of what follows
        0, 18, 0, 0, // ApiVersions, version 0
        0, 0, 0, 7, // our number for it
        255, 255, // no client id
    ];
    ask(port, &request, 10).is_some_and(|it| it.get(4..10) == Some(&[0, 0, 0, 7, 0, 0]))
}

/// `{ping: 1, $db: "admin"}`. (What stands in for MongoDB knows `ping` in this form, and `hello` only in an older one.)
pub fn mongodb(port: u16) -> bool {
    let mut document = Vec::new();
    document.extend(b"\x10ping\0\x01\0\0\0");
    document.extend(b"\x02$db\0\x06\0\0\0admin\0");
    document.push(0);
    let mut message = Vec::new();
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(0).to_le_bytes();
    message.extend(length(16 + 4 + 1 + 4 + document.len()));
    message.extend([7, 0, 0, 0, 0, 0, 0, 0]);
    message.extend(2013_u32.to_le_bytes());
    message.extend([0, 0, 0, 0, 0]);
    message.extend(length(4 + document.len()));
    message.extend(document);
    ask(port, &message, 26).is_some_and(|it| it.get(8..12) == Some(&[7, 0, 0, 0]))
}

/// Any answer at all: who knows no such path says so.
pub fn http(port: u16) -> bool {
    ask(port, b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", 7).is_some_and(|it| it == b"HTTP/1.")
}

/// Sends `request` and reads up to `most` bytes of what comes back.
fn ask(port: u16, request: &[u8], most: u64) -> Option<Vec<u8>> {
    let mut connection =
        TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), PATIENCE).ok()?;
    connection.set_read_timeout(Some(PATIENCE)).ok()?;
    connection.set_write_timeout(Some(PATIENCE)).ok()?;
    connection.write_all(request).ok()?;
    let mut answer = Vec::new();
    connection.take(most).read_to_end(&mut answer).ok()?;
    Some(answer)
}
