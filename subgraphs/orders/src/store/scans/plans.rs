//! The plans of the statements that were run, as the server tells them: its module `auto_explain` sends each as a notice, and
//! sqlx hands notices to `tracing`.

use std::sync::{Arc, Mutex};

use lavka_kit::sql::{self, Database};
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber};

const TELL: &str = "
DO $$ DECLARE setting text; BEGIN
    FOREACH setting IN ARRAY ARRAY['session_preload_libraries = auto_explain', 'auto_explain.log_min_duration = 0',
        'auto_explain.log_level = notice', 'auto_explain.log_format = json', 'client_min_messages = notice']
    LOOP
        EXECUTE format('ALTER DATABASE %I SET ', current_database()) || setting;
    END LOOP;
END $$";

/// Whoever connects to this database from now on is told each plan.
pub async fn tell(database: &Database) {
    let mut connection = database.read().acquire().await.unwrap();
    sql::query(TELL).execute(&mut connection).await.unwrap();
}

/// A plan, and the statement that it was made for.
pub struct Plan(Value);

impl Plan {
    /// Whether it reads or writes this table.
    pub fn reads(&self, table: &str) -> bool {
        nodes(&self.0["Plan"])
            .iter()
            .any(|it| it["Relation Name"] == table)
    }

    /// The statement with its plan, if it reads one of these tables from end to end.
    pub fn reads_through(&self, tables: &[&str]) -> Option<String> {
        let is_scan = |it: &&Value| {
            let table = it["Relation Name"].as_str().unwrap_or_default();
            it["Node Type"] == "Seq Scan" && tables.contains(&table)
        };
        let scan = nodes(&self.0["Plan"]).into_iter().find(is_scan)?;
        Some(format!("{}\n{scan:#}", self.0["Query Text"].as_str()?))
    }
}

/// A plan's node and all below it.
fn nodes(node: &Value) -> Vec<&Value> {
    let below = node["Plans"].as_array().into_iter().flatten().flat_map(nodes);
    std::iter::once(node).chain(below).collect()
}

/// Hears what the server says to this thread, until it is dropped.
pub struct Heard {
    said: Arc<Mutex<Vec<String>>>,
    _until_dropped: DefaultGuard,
}

impl Heard {
    pub fn begin() -> Self {
        let said = Arc::new(Mutex::default());
        let ear = Ear(Arc::clone(&said));
        Self {
            said,
            _until_dropped: tracing::subscriber::set_default(ear),
        }
    }

    /// What was heard so far: "duration: 0.02 ms  plan:" and the plan in JSON.
    pub fn plans(&self) -> Vec<Plan> {
        let said = self.said.lock().unwrap();
        let plan = |it: &String| serde_json::from_str(&it[it.find('{')?..]).ok().map(Plan);
        said.iter().filter_map(plan).collect()
    }
}

struct Ear(Arc<Mutex<Vec<String>>>);

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::postgres::notice"
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Message(&self.0));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Message<'a>(&'a Mutex<Vec<String>>);

impl Visit for Message<'_> {
    fn record_str(&mut self, _: &Field, value: &str) {
        self.0.lock().unwrap().push(value.to_owned());
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
