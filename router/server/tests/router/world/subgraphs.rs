//! Two subgraphs, run in process by async-graphql.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Schema, SimpleObject, Subscription};
use async_graphql_axum::{GraphQL, GraphQLSubscription};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, Stream};
use futures_util::{FutureExt, StreamExt};
use http::HeaderMap;
use lavka_compose::Subgraph;
use lavka_executor::{
    HttpOptions, HttpTransport, SubgraphRequest, SubgraphResponse, Transport, TransportError,
};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// What the subgraphs saw, and what they wait for.
#[derive(Default)]
pub struct Stage {
    pub headers: Mutex<HeaderMap>,
    pub requests: AtomicU64,
    pub bumps: AtomicU64,
    /// `slow` answers when it is notified.
    pub patience: Notify,
    /// `slow` has begun.
    pub waiting: Notify,
    /// Notified when `ticks` is dropped.
    pub ticks_dropped: Arc<Notify>,
    /// Notified when `slow` is given up or has answered.
    pub slow_dropped: Arc<Notify>,
}

const PEOPLE: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@authenticated", "@requiresScopes", "@policy"])
    type Query { hello(name: String! = "world"): String! me: Person @authenticated person(id: ID!): Person slow: Boolean big(size: Int!): String! }
    type Mutation { bump: Int! signIn: Boolean! }
    type Subscription { count(to: Int!): Tick! ticks: Tick! }
    type Tick { number: Int! person: Person! }
    type Person @key(fields: "id") {
        id: ID! name: String! salary: Int @requiresScopes(scopes: [["hr"]]) debts: Int @policy(policies: [["auditor"]])
        motto: String mood: String hobby: String
    }
"#;

const POSTS: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@override"])
    type Query { newest: Post }
    type Post { title: String! author: Person! }
    type Person @key(fields: "id") {
        id: ID! posts: [Post!]!
        motto: String @override(from: "people", label: "percent(100)")
        mood: String @override(from: "people", label: "percent(0)")
        hobby: String @override(from: "people", label: "hobbies")
    }
"#;

pub fn schemas() -> [Subgraph; 2] {
    [("people", PEOPLE), ("posts", POSTS)].map(|(name, sdl)| Subgraph {
        name: name.to_owned(),
        url: Some(format!("http://{name}.invalid/graphql")),
        sdl: sdl.to_owned(),
    })
}

type People = Schema<PeopleQuery, PeopleMutation, PeopleSubscription>;
type Posts = Schema<PostsQuery, EmptyMutation, EmptySubscription>;

fn people(stage: &Arc<Stage>) -> People {
    Schema::build(PeopleQuery, PeopleMutation, PeopleSubscription)
        .data(Arc::clone(stage))
        .enable_federation()
        .finish()
}

fn posts(stage: &Arc<Stage>) -> Posts {
    Schema::build(PostsQuery, EmptyMutation, EmptySubscription)
        .data(Arc::clone(stage))
        .enable_federation()
        .finish()
}

/// Both in process.
pub fn in_process(stage: &Arc<Stage>) -> Vec<(&'static str, Arc<dyn Transport>)> {
    vec![
        (
            "people",
            Arc::new(InProcess {
                schema: people(stage),
                stage: Arc::clone(stage),
            }),
        ),
        (
            "posts",
            Arc::new(InProcess {
                schema: posts(stage),
                stage: Arc::clone(stage),
            }),
        ),
    ]
}

/// Both as servers of their own, until the test ends.
pub async fn over_http(stage: &Arc<Stage>) -> Vec<(&'static str, Arc<dyn Transport>)> {
    vec![
        ("people", served(people(stage)).await),
        ("posts", served(posts(stage)).await),
    ]
}

async fn served<Q, M, S>(schema: Schema<Q, M, S>) -> Arc<dyn Transport>
where
    Q: async_graphql::ObjectType + 'static,
    M: async_graphql::ObjectType + 'static,
    S: async_graphql::SubscriptionType + 'static,
{
    let sockets = GraphQLSubscription::new(schema.clone());
    let routes = axum::Router::new().route(
        "/graphql",
        axum::routing::get_service(sockets).post_service(GraphQL::new(schema)),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Arc::new(HttpTransport::new([url], HttpOptions::default()).unwrap())
}

struct InProcess<Q, M, S> {
    schema: Schema<Q, M, S>,
    stage: Arc<Stage>,
}

impl<Q, M, S> Transport for InProcess<Q, M, S>
where
    Q: async_graphql::ObjectType + 'static,
    M: async_graphql::ObjectType + 'static,
    S: async_graphql::SubscriptionType + 'static,
{
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>> {
        async move {
            self.stage.requests.fetch_add(1, Ordering::Relaxed);
            *self.stage.headers.lock().unwrap() = request.headers;
            let request: async_graphql::Request = serde_json::from_slice(&request.body).unwrap();
            let response = self.schema.execute(request).await;
            let body = serde_json::to_vec(&response).unwrap().into();
            Ok(SubgraphResponse {
                headers: response.http_headers,
                body,
            })
        }
        .boxed()
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>> {
        *self.stage.headers.lock().unwrap() = request.headers;
        let request: async_graphql::Request = serde_json::from_slice(&request.body).unwrap();
        let events = self.schema.execute_stream(request);
        let events = events.map(|response| Ok(serde_json::to_vec(&response).unwrap().into()));
        std::future::ready(Ok(events.boxed())).boxed()
    }
}

struct PeopleQuery;
struct PeopleMutation;
struct PeopleSubscription;
struct PostsQuery;

#[derive(SimpleObject)]
struct Person {
    id: String,
    name: String,
    salary: Option<i32>,
    debts: i32,
    motto: &'static str,
    mood: &'static str,
    hobby: &'static str,
}

#[derive(SimpleObject)]
struct Tick {
    number: i32,
    person: Person,
}

const PEOPLE_SAY: &str = "of people";
const POSTS_SAY: &str = "of posts";

fn ann() -> Person {
    Person {
        id: "ann".into(),
        name: "Ann".into(),
        salary: Some(100),
        debts: 5,
        motto: PEOPLE_SAY,
        mood: PEOPLE_SAY,
        hobby: PEOPLE_SAY,
    }
}

#[Object]
impl PeopleQuery {
    async fn hello(&self, #[graphql(default_with = r#""world".to_owned()"#)] name: String) -> String {
        format!("hello {name}")
    }

    async fn me(&self) -> Option<Person> {
        Some(ann())
    }

    async fn person(&self, id: async_graphql::ID) -> Option<Person> {
        (*id == "ann").then(ann)
    }

    async fn slow(&self, context: &Context<'_>) -> bool {
        let stage = context.data_unchecked::<Arc<Stage>>();
        let _dropped = Dropped(Arc::clone(&stage.slow_dropped));
        stage.waiting.notify_one();
        stage.patience.notified().await;
        true
    }

    async fn big(&self, size: usize) -> String {
        "x".repeat(size)
    }

    #[graphql(entity)]
    async fn find_person(&self, id: async_graphql::ID) -> Option<Person> {
        (*id == "ann").then(ann)
    }
}

#[Object]
impl PeopleMutation {
    async fn bump(&self, context: &Context<'_>) -> u64 {
        context
            .data_unchecked::<Arc<Stage>>()
            .bumps
            .fetch_add(1, Ordering::Relaxed)
            + 1
    }

    async fn sign_in(&self, context: &Context<'_>) -> bool {
        context.insert_http_header("set-cookie", "refresh=abc; HttpOnly");
        context.append_http_header("set-cookie", "seen=1");
        true
    }
}

fn tick(number: i32) -> Tick {
    Tick {
        number,
        person: ann(),
    }
}

#[Subscription]
impl PeopleSubscription {
    async fn count(&self, to: i32) -> impl Stream<Item = Tick> {
        stream::iter(1..=to).map(tick)
    }

    /// One tick, and then silence.
    async fn ticks(&self, context: &Context<'_>) -> impl Stream<Item = Tick> {
        let dropped = Dropped(Arc::clone(&context.data_unchecked::<Arc<Stage>>().ticks_dropped));
        stream::once(async { tick(1) }).chain(stream::once(async move {
            let _dropped = dropped;
            std::future::pending().await
        }))
    }
}

struct Dropped(Arc<Notify>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[derive(SimpleObject)]
struct Post {
    title: String,
    author: Author,
}

struct Author(String);

fn post() -> Post {
    Post {
        title: "Lamps".into(),
        author: Author("ann".into()),
    }
}

#[Object(name = "Person")]
impl Author {
    async fn id(&self) -> async_graphql::ID {
        self.0.clone().into()
    }

    async fn posts(&self) -> Vec<Post> {
        vec![post()]
    }

    async fn motto(&self) -> &str {
        POSTS_SAY
    }

    async fn mood(&self) -> &str {
        POSTS_SAY
    }

    async fn hobby(&self) -> &str {
        POSTS_SAY
    }
}

#[Object]
impl PostsQuery {
    async fn newest(&self) -> Option<Post> {
        Some(post())
    }

    #[graphql(entity)]
    async fn find_author(&self, id: async_graphql::ID) -> Option<Author> {
        Some(Author(id.to_string()))
    }
}
