//! Writes the pieces, each when its time has come.

use bytes::Bytes;
use lavka_planner::{Deferral, FetchId};

use super::ledger::{FragmentState, Ledger, PartState};
use super::wire::{self, Announced, Completed, News, Patch, PieceForm};
use crate::answer::Limits;
use crate::errors::{Errors, FieldError};
use crate::prepare::PreparedPlan;
use crate::project::Writer;
use crate::report::{self, Late, Placed};
use crate::schedule::{Flight, Run};

/// What has been delivered of an answer.
pub(super) struct Delivery<'p> {
    plan: &'p PreparedPlan,
    deferral: &'p Deferral,
    form: PieceForm,
    ledger: Ledger<'p>,
    is_begun: bool,
    /// By fetch: the part that it is for; `None` if the first piece waits for it.
    part_of: Vec<Option<usize>>,
    /// Subgraphs' errors, and up to what they have been placed: by part, the first piece before all.
    late: Vec<(Late, Vec<bool>)>,
    /// Errors that belong to parts, with their fetches.
    placed: Vec<(usize, Placed)>,
}

/// A part that is written, and may yet have to be taken back.
struct Written {
    part: usize,
    data: std::ops::Range<usize>,
    errors: Vec<FieldError>,
    /// How many of them came from subgraphs: they aren't found again by writing it again.
    placed: usize,
    /// The parts found in it.
    inside: std::ops::Range<usize>,
}

impl<'p> Delivery<'p> {
    pub fn new(plan: &'p PreparedPlan, deferral: &'p Deferral, form: PieceForm) -> Self {
        let mut part_of: Vec<Option<usize>> = vec![None; plan.fetches.len()];
        for (part, deferred) in deferral.parts.iter().enumerate().rev() {
            for fetch in &deferred.after {
                if let Some(known) = part_of.get_mut(fetch.0) {
                    *known = Some(part);
                }
            }
        }
        for fetch in &deferral.first {
            if let Some(known) = part_of.get_mut(fetch.0) {
                *known = None;
            }
        }
        Self {
            plan,
            deferral,
            form,
            ledger: Ledger::new(deferral),
            is_begun: false,
            part_of,
            late: Vec::new(),
            placed: Vec::new(),
        }
    }

    /// The next piece that can be written, and whether another one follows.
    pub fn next(&mut self, run: &mut Run<'_>, flight: &Flight<'_>, limits: &Limits) -> Option<(Bytes, bool)> {
        let has_ended = |fetch: &FetchId| flight.has_ended(fetch.0);
        if !self.is_begun && !self.deferral.first.iter().all(has_ended) {
            return None;
        }
        let due: Vec<bool> = self
            .deferral
            .parts
            .iter()
            .map(|part| part.after.iter().all(has_ended))
            .collect();
        if self.is_begun && !self.can_go_on(&due) {
            return None;
        }
        self.place(run, &due);
        let errors = std::mem::take(&mut run.errors);
        let mut writer = Writer::new(self.plan, &run.conditions, &run.tree, errors, limits);
        let piece = if self.is_begun {
            self.go_on(&mut writer, &due)
        } else {
            self.is_begun = true;
            writer.root(run.root);
            self.begin(&mut writer)
        };
        run.errors = writer.errors;
        Some(piece)
    }

    /// Whether a fragment that the client waits for is ready.
    fn can_go_on(&self, due: &[bool]) -> bool {
        (0..self.deferral.fragments.len())
            .any(|fragment| self.is_ready(fragment, due) && self.ledger.is_pending(fragment))
    }

    fn is_ready(&self, fragment: usize, due: &[bool]) -> bool {
        let parts = self.deferral.parts.iter().zip(due);
        parts
            .filter(|(part, _)| part.fragments.contains(&fragment))
            .all(|(_, is_due)| *is_due)
    }

    /// Finds the places of subgraphs' errors, as far as they belong to what can be written now.
    fn place(&mut self, run: &mut Run<'_>, due: &[bool]) {
        let now: Vec<bool> = std::iter::once(true).chain(due.iter().copied()).collect();
        let none = vec![false; now.len()];
        self.late
            .extend(run.late.drain(..).map(|late| (late, none.clone())));
        for (late, before) in &mut self.late {
            let into = report::Into {
                tree: &mut run.tree,
                root: run.root,
                errors: &mut run.errors,
            };
            for mut placed in report::placed(self.plan, late, &into) {
                placed.part = placed.part.or(self.part_of[late.fetch()]);
                let at = placed.part.map_or(0, |part| part + 1);
                if !now[at] || before[at] || !into.errors.keeps_one_more() {
                    continue;
                }
                if let Some((object, key)) = placed.ends_at {
                    into.errors.explain(object, key);
                }
                self.placed.push((late.fetch(), placed));
            }
            before.clone_from(&now);
        }
        self.late
            .retain(|(_, placed)| !placed.iter().all(|is_placed| *is_placed));
    }

    /// The first piece.
    fn begin(&mut self, writer: &mut Writer<'p, '_>) -> (Bytes, bool) {
        let mut news = News::default();
        for found in std::mem::take(&mut writer.found) {
            self.ledger.enter(found);
        }
        self.announce(&mut news);
        let (errors, _) = self.errors(&mut writer.errors, None);
        let has_next = !self.ledger.is_done();
        let out = std::mem::take(&mut writer.out);
        (
            wire::end_first(out, &errors, &news, has_next, self.form),
            has_next,
        )
    }

    /// A later piece: all fragments that are ready.
    fn go_on(&mut self, writer: &mut Writer<'p, '_>, due: &[bool]) -> (Bytes, bool) {
        let mut news = News::default();
        // What is announced on the way comes later in the order: it is inside of something.
        for fragment in 0..self.deferral.fragments.len() {
            if !self.is_ready(fragment, due) {
                continue;
            }
            while let Some(at) = self.ledger.next_pending(fragment) {
                self.complete(at, writer, &mut news);
            }
            self.announce(&mut news);
        }
        let has_next = !self.ledger.is_done();
        let data = std::mem::take(&mut writer.out);
        (wire::later(&news, &data, has_next, self.form), has_next)
    }

    fn announce(&mut self, news: &mut News) {
        for at in self.ledger.announce() {
            let fragment = &self.ledger.fragments[at];
            if let FragmentState::Pending(id) = fragment.state {
                news.pending.push(Announced {
                    id: id.to_string(),
                    path: fragment.path.clone(),
                    label: self.deferral.fragments[fragment.fragment].label.clone(),
                });
            }
        }
    }

    /// Delivers everything that belongs to a fragment, or says why it can't be.
    fn complete(&mut self, at: usize, writer: &mut Writer<'p, '_>, news: &mut News) {
        let FragmentState::Pending(id) = self.ledger.fragments[at].state else {
            return;
        };
        let mut all: Vec<Written> = Vec::new();
        let mut failure = None;
        let mut number = 0;
        // Further parts may be found in those that are written.
        while let Some(part) = self.ledger.fragments[at].parts.get(number).copied() {
            number += 1;
            match &self.ledger.parts[part].state {
                PartState::Sent | PartState::Gone => continue,
                PartState::Failed(errors) => {
                    failure = Some(errors.clone());
                    break;
                }
                PartState::Unsent => {}
            }
            let data = writer.part(&self.ledger.parts[part].found);
            let (errors, placed) = self.errors(&mut writer.errors, Some(part));
            let Some(data) = data else {
                self.ledger.parts[part].state = PartState::Failed(errors.clone());
                failure = Some(errors);
                break;
            };
            self.ledger.parts[part].state = PartState::Sent;
            let first_inside = self.ledger.parts.len();
            for found in std::mem::take(&mut writer.found) {
                self.ledger.enter(found);
            }
            all.push(Written {
                part,
                data,
                errors,
                placed,
                inside: first_inside..self.ledger.parts.len(),
            });
        }
        let fragment = &self.ledger.fragments[at];
        news.completed.push(Completed {
            id,
            path: fragment.path.clone(),
            label: self.deferral.fragments[fragment.fragment].label.clone(),
            errors: failure.clone(),
        });
        if failure.is_some() {
            self.take_back(at, &all);
            self.ledger.fragments[at].state = FragmentState::Failed;
        } else {
            for written in all {
                self.deliver(written, news);
            }
            self.ledger.fragments[at].state = FragmentState::Complete;
        }
    }

    fn deliver(&self, written: Written, news: &mut News) {
        let Some((teller, id)) = self.ledger.teller(written.part) else {
            return;
        };
        let teller = &self.ledger.fragments[teller];
        news.patches.push(Patch {
            id,
            path: self.ledger.parts[written.part].path.clone(),
            known: teller.path.len(),
            label: self.deferral.fragments[teller.fragment].label.clone(),
            data: written.data,
            errors: written.errors,
        });
    }

    /// What was written for a fragment that failed in the end: other fragments may still want it.
    fn take_back(&mut self, at: usize, all: &[Written]) {
        for written in all {
            if !self.ledger.is_wanted_beside(written.part, at) {
                self.ledger.parts[written.part].state = PartState::Gone;
                continue;
            }
            let open = &mut self.ledger.parts[written.part];
            open.state = PartState::Unsent;
            let part = Some(open.found.later.part);
            let errors = written.errors.iter().take(written.placed);
            self.placed.extend(errors.map(|error| {
                let placed = Placed {
                    error: error.clone(),
                    part,
                    ends_at: None,
                };
                (0, placed)
            }));
        }
        for inside in all.iter().flat_map(|written| written.inside.clone()) {
            self.ledger.parts[inside].state = PartState::Gone;
        }
    }

    /// The errors of a part at an object, or of the first piece; and how many of them, at the beginning, came from subgraphs.
    fn errors(&mut self, errors: &mut Errors, part: Option<usize>) -> (Vec<FieldError>, usize) {
        let open = part.map(|part| &self.ledger.parts[part]);
        let of_plan = open.map(|open| open.found.later.part);
        let mut all = errors.take_untold(|fetch| self.part_of[fetch] == of_plan);
        let path = open.map_or(&[] as &[_], |open| &open.path);
        self.placed.retain(|(fetch, placed)| {
            let own = &placed.error.path;
            // An error above the part can be told once, with any of them.
            let is_told = placed.part == of_plan && (own.starts_with(path) || path.starts_with(own));
            if is_told {
                all.push((*fetch, placed.error.clone()));
            }
            !is_told
        });
        all.sort_by_key(|(fetch, _)| *fetch);
        let mut all: Vec<FieldError> = all.into_iter().map(|(_, error)| error).collect();
        let placed = all.len();
        all.extend(errors.take_written());
        (all, placed)
    }
}
