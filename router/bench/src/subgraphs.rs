//! A process that plays all four subgraphs, and what a proxy stands in front of.
//!
//! `/people`, `/goods`, `/stock` and `/opinions` answer GraphQL; what was asked once is answered from memory from then on, so that
//! this process never is what is measured. `/whole` takes the client's operations and answers them as one server would.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;

use lavka_bench::{SUBGRAPHS, Server};

/// All that this process can be asked, by path.
struct Playing {
    servers: HashMap<String, Played>,
}

struct Played {
    server: Server,
    /// By request.
    known: RwLock<HashMap<Bytes, Bytes>>,
}

/// Serves until the process is ended.
pub async fn serve(listener: TcpListener, supergraph: &str) -> Result<()> {
    let mut servers = HashMap::new();
    for (name, sdl) in SUBGRAPHS {
        let server = Server::subgraph(sdl).with_context(|| format!("subgraph {name}"))?;
        servers.insert(format!("/{name}"), Played::new(server));
    }
    // The supergraph's own types, of the join specification, are in nobody's way.
    servers.insert("/whole".to_owned(), Played::new(Server::of(supergraph)?));
    let playing = Arc::new(Playing { servers });
    loop {
        let (stream, _) = listener.accept().await.context("accept a connection")?;
        stream.set_nodelay(true).context("set TCP_NODELAY")?;
        let playing = playing.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(playing.clone(), request));
            let connection = auto::Builder::new(TokioExecutor::new());
            // Whoever asked has gone, or speaks no HTTP; the next connection is another matter.
            let _ = connection.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl Played {
    fn new(server: Server) -> Self {
        Self {
            server,
            known: RwLock::default(),
        }
    }

    fn answer(&self, request: Bytes) -> Result<Bytes> {
        let known = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&request)
            .cloned();
        if let Some(answer) = known {
            return Ok(answer);
        }
        let answer = Bytes::from(self.server.answer(&request)?.to_string());
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(request, answer.clone());
        Ok(answer)
    }
}

async fn answer(
    playing: Arc<Playing>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let Some(played) = playing.servers.get(request.uri().path()) else {
        return Ok(text(StatusCode::NOT_FOUND, "nobody plays here".to_owned()));
    };
    let body = match request.into_body().collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Ok(text(StatusCode::BAD_REQUEST, error.to_string())),
    };
    Ok(match played.answer(body) {
        Ok(answer) => {
            let mut response = Response::new(Full::new(answer));
            let json = header::HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
            response
        }
        Err(error) => text(StatusCode::BAD_REQUEST, format!("{error:#}")),
    })
}

fn text(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response
}
