//! Ours and an independent composer, on the same subgraphs: they agree on whether these compose, and on what the supergraph says up to order.
//! Where they don't, the specification decides; [`KNOWN`] lists these cases with the reason.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Schema;
use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};
use apollo_compiler::schema::ExtendedType;
use lavka_compose::{Code, CompositionError, Subgraph, compose};
use lavka_supergraph::Supergraph;

use super::facts::{Facts, facts};
use super::fixtures::seeds;
use super::planning;
use super::random;
use super::theguild::{TheGuild, Verdict};

/// What the two say differently of a set of subgraphs.
enum Difference {
    /// What only ours says, and what only theirs.
    Facts(Vec<String>, Vec<String>),
    /// Ours, and why theirs doesn't: codes and messages.
    OnlyOurs(String, Vec<(String, String)>),
    OnlyTheirs(Vec<CompositionError>),
    Broke(String),
}

/// A difference in which we hold the other composer to be wrong.
struct Known {
    reason: &'static str,
    is_it: fn(&Difference) -> bool,
}

const KNOWN: &[Known] = &[
    Known {
        reason: "An @external field of an interface object is said to be its own by theirs. The subgraph says that it isn't, and a router that \
                 asked it there would get nothing.",
        is_it: |difference| match difference {
            Difference::Facts(ours, theirs) => {
                let marked: Vec<String> = theirs.iter().map(|fact| format!("{fact} external")).collect();
                ours.iter().all(|fact| marked.contains(fact)) && ours.len() == theirs.len()
            }
            _ => false,
        },
    },
    Known {
        reason: "Theirs leaves out of the query type, and of no other, that a subgraph never gives null where another may. A router that knows it keeps \
                 the rest of what it asked of that subgraph when the field fails.",
        is_it: |difference| match difference {
            Difference::Facts(ours, theirs) => {
                let without = |facts: &[String]| -> BTreeSet<String> {
                    facts.iter().map(|fact| fact.replace('!', "")).collect()
                };
                ours.iter().all(|fact| fact.starts_with("Query."))
                    && ours.len() == theirs.len()
                    && without(ours) == without(theirs)
            }
            _ => false,
        },
    },
    Known {
        reason: "Theirs repeats on an interface's field what guards the field of an implementation. Our router guards every concrete type by \
                 itself, so that what is open of an interface stays open.",
        is_it: |difference| match difference {
            Difference::Facts(ours, theirs) => {
                ours.iter().all(|fact| fact.ends_with("external"))
                    && theirs
                        .iter()
                        .filter(|fact| !ours.contains(&format!("{fact} external")))
                        .all(|fact| fact.contains("@authenticated") || fact.contains("@requiresScopes"))
            }
            _ => false,
        },
    },
    Known {
        reason: "Theirs forgets which subgraphs hold an object once it has gone on to another by a key: a field that the first subgraph gives \
                 can be given to the second (@requires), or is had from the first (@interfaceObject), also when the first can't be come back \
                 to. And a subgraph that gives an object by a key that it calls @external doesn't tell the key by theirs. That it can be done is shown by planning every field of what we compose.",
        is_it: |difference| match difference {
            Difference::OnlyOurs(supergraph, errors) => {
                errors.iter().all(|(code, _)| code == "SATISFIABILITY_ERROR")
                    && planning::problems(supergraph).is_empty()
            }
            _ => false,
        },
    },
    Known {
        reason: "A field with @requires is asked for by a key, once what it requires is known. Theirs lets it pass where its subgraph has no \
                 resolvable key, so that nobody could ask.",
        is_it: |difference| match difference {
            Difference::OnlyTheirs(errors) => errors.iter().all(|error| {
                error.code == Code::SatisfiabilityError
                    && error.message.contains("by which it could be asked again")
            }),
            _ => false,
        },
    },
    Known {
        reason: "An input of which only an @inaccessible field is left after the intersection has nothing that clients could give. Theirs counts \
                 the fields that the intersection dropped.",
        is_it: |difference| match difference {
            Difference::OnlyTheirs(errors) => errors
                .iter()
                .all(|error| error.code == Code::OnlyInaccessibleChildren),
            _ => false,
        },
    },
];

fn difference(theirs: &mut TheGuild, subgraphs: &[Subgraph]) -> Option<Difference> {
    let ours = compose(subgraphs);
    let theirs = theirs.compose(subgraphs);
    match (ours, theirs) {
        (Ok(ours), Verdict::Composes(theirs)) => {
            let our_facts = facts(&ours.supergraph_sdl).unwrap_or_else(|why| panic!("{why}"));
            let their_facts = match facts(&theirs) {
                Ok(facts) => facts,
                Err(why) => return Some(Difference::Broke(format!("theirs doesn't load: {why}\n{theirs}"))),
            };
            let only = |one: &Facts, other: &Facts| one.difference(other).cloned().collect::<Vec<_>>();
            let (ours, theirs) = (only(&our_facts, &their_facts), only(&their_facts, &our_facts));
            (!ours.is_empty() || !theirs.is_empty()).then_some(Difference::Facts(ours, theirs))
        }
        (Err(_), Verdict::Refuses(_)) => None,
        (Ok(ours), Verdict::Refuses(errors)) => Some(Difference::OnlyOurs(ours.supergraph_sdl, errors)),
        (Err(errors), Verdict::Composes(_)) => Some(Difference::OnlyTheirs(errors)),
        (_, Verdict::Broke(why)) => Some(Difference::Broke(why)),
    }
}

/// What the two say differently of a set of subgraphs, for people.
pub fn disagreement(theirs: &mut TheGuild, subgraphs: &[Subgraph]) -> Option<String> {
    difference(theirs, subgraphs).map(|difference| difference.to_string())
}

impl Difference {
    fn reason(&self) -> Option<&'static str> {
        let known = KNOWN.iter().find(|known| (known.is_it)(self))?;
        Some(known.reason)
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Facts(ours, theirs) => write!(
                f,
                "only ours:\n    {}\n  only theirs:\n    {}",
                ours.join("\n    "),
                theirs.join("\n    ")
            ),
            Self::OnlyOurs(_, errors) => {
                write!(f, "composes here, and there not:")?;
                errors
                    .iter()
                    .try_for_each(|(code, message)| write!(f, "\n    {code}: {message}"))
            }
            Self::OnlyTheirs(errors) => {
                write!(f, "composes there, and here not:")?;
                errors.iter().try_for_each(|error| write!(f, "\n    {error}"))
            }
            Self::Broke(why) => write!(f, "theirs broke: {why}"),
        }
    }
}

/// `SEEDS=1000 cargo test -p lavka-compose agreement -- --nocapture` for the long run.
#[test]
fn random_sets_compose_alike() {
    let Some(mut theirs) = TheGuild::start() else {
        return;
    };
    let mut failures = Vec::new();
    let mut known: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    let (mut count, mut composing) = (0, 0);
    for seed in seeds() {
        let subgraphs = random::subgraphs(seed);
        count += 1;
        composing += usize::from(compose(&subgraphs).is_ok());
        let Some(difference) = difference(&mut theirs, &subgraphs) else {
            continue;
        };
        match difference.reason() {
            Some(reason) => known.entry(reason).or_default().push(seed),
            None => {
                let texts: Vec<&str> = subgraphs.iter().map(|one| one.sdl.as_str()).collect();
                failures.push(format!("seed {seed}: {difference}\n{}", texts.join("\n")));
            }
        }
    }
    println!("{composing} of {count} sets compose; known differences:");
    for (reason, seeds) in &known {
        println!("  {} sets {seeds:?}: {reason}", seeds.len());
    }
    let listed: usize = known.values().map(Vec::len).sum();
    assert!(
        failures.is_empty(),
        "{} differ:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    // A list that explains everything away would prove nothing.
    assert!(
        listed * 10 <= count + 10,
        "{listed} of {count} sets differ for known reasons"
    );
}

#[test]
fn the_kits_fixtures_compose_alike() {
    let Some(mut theirs) = TheGuild::start() else {
        return;
    };
    let mut failures = Vec::new();
    let mut composing = 0;
    for (name, subgraphs) in super::fixtures::kit() {
        composing += usize::from(compose(&subgraphs).is_ok());
        let difference = difference(&mut theirs, &subgraphs);
        if let Some(difference) = difference.filter(|difference| difference.reason().is_none()) {
            failures.push(format!("{name}: {difference}"));
        }
    }
    assert!(composing > 30, "only {composing} fixtures compose");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Every type and field of the clients' schema, in words; without what belongs to a linked specification, which theirs shows.
fn api(schema: &Schema) -> BTreeSet<String> {
    let mut api = BTreeSet::new();
    for (name, ty) in schema
        .types
        .iter()
        .filter(|(name, ty)| !ty.is_built_in() && !name.contains("__"))
    {
        let fields: Vec<String> = match ty {
            ExtendedType::Object(ty) => ty.fields.values().map(|it| output(it)).collect(),
            ExtendedType::Interface(ty) => ty.fields.values().map(|it| output(it)).collect(),
            ExtendedType::InputObject(ty) => ty.fields.values().map(|it| input(it)).collect(),
            ExtendedType::Enum(ty) => ty.values.keys().map(ToString::to_string).collect(),
            ExtendedType::Union(ty) => ty.members.iter().map(ToString::to_string).collect(),
            ExtendedType::Scalar(_) => vec!["a scalar".to_owned()],
        };
        api.extend(fields.into_iter().map(|field| format!("{name}: {field}")));
    }
    api
}

fn output(field: &FieldDefinition) -> String {
    let arguments: Vec<String> = field.arguments.iter().map(|it| input(it)).collect();
    format!("{}({}) gives {}", field.name, arguments.join(", "), field.ty)
}

fn input(value: &InputValueDefinition) -> String {
    let default = value.default_value.as_ref();
    let default = default.map_or_else(String::new, |default| format!(" = {default}"));
    format!("{} takes {}{default}", value.name, value.ty)
}

#[test]
fn another_router_loads_what_we_compose_and_serves_the_same_schema() {
    let Some(mut theirs) = TheGuild::start() else {
        return;
    };
    let mut sets = super::fixtures::kit();
    sets.push(("the store".to_owned(), super::fixtures::subgraphs("store")));
    let mut failures = Vec::new();
    let mut count = 0;
    for (name, subgraphs) in sets {
        let Ok(composed) = compose(&subgraphs) else {
            continue;
        };
        count += 1;
        let ours = Supergraph::parse(&composed.supergraph_sdl).expect("what we compose we read");
        let ours = api(ours.api_schema());
        match theirs.load(&composed.supergraph_sdl) {
            Err(why) => failures.push(format!("{name}: {why}")),
            Ok(text) => {
                let schema = Schema::parse(&text, "api.graphql").expect("a schema");
                let theirs = api(&schema);
                let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
                    one.difference(other).cloned().collect::<Vec<_>>().join("\n    ")
                };
                if ours != theirs {
                    let (ours, theirs) = (only(&ours, &theirs), only(&theirs, &ours));
                    failures.push(format!(
                        "{name}:\n  only ours:\n    {ours}\n  only theirs:\n    {theirs}"
                    ));
                }
            }
        }
    }
    assert!(count > 30, "only {count} sets compose");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
