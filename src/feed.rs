//! Reads and extracts on threads of its own, while whoever asked stores what is done.
//!
//! In:  inputs, how many threads.
//! Out: items and bad inputs in the order of the inputs, however many threads there are.
//!
//! Thread k of n takes the inputs k, k + n, k + 2n …, each into a channel that holds one item; the channels are emptied in
//! turn. So nothing runs far ahead, and a sheet of millions of rows is in memory in three parts at most: one being read, one
//! waiting, one being stored.

use crate::error::Error;
use crate::knowledge::Knowledge;
use crate::load::{DocumentInfo, Item};
use crate::model::About;
use crate::pipeline;
use crate::read::Input;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// What comes out.
#[derive(Debug)]
pub enum Fed {
    /// A document, or a part of one.
    Item(Box<Item>),
    /// An input that cannot be read.
    Bad(Error),
}

/// What the command line says of the inputs.
#[derive(Debug, Default)]
pub struct Given {
    /// Of the reports; it wins over their text.
    pub about: About,
    /// The password of files that ask for one.
    pub password: Option<String>,
}

/// Feeds `take` with what the inputs come to. What it returns is returned.
pub fn feed<T>(
    inputs: Vec<Result<Input, Error>>,
    jobs: usize,
    given: &Given,
    knowledge: &Knowledge,
    take: impl FnOnce(&mut dyn Iterator<Item = Fed>) -> T,
) -> T {
    let jobs = jobs.clamp(1, inputs.len().max(1));
    let mut hands: Vec<Vec<Result<Input, Error>>> = (0..jobs).map(|_| Vec::new()).collect();
    let count = inputs.len();
    for (at, input) in inputs.into_iter().enumerate() {
        hands[at % jobs].push(input);
    }
    std::thread::scope(|scope| {
        let channels: Vec<Receiver<Fed>> = hands
            .into_iter()
            .map(|inputs| {
                let (sender, receiver) = sync_channel(1);
                scope.spawn(move || {
                    // Whoever takes may stop early; then there is nobody to send to.
                    inputs.into_iter().try_for_each(|input| one(input, given, knowledge, &sender))
                });
                receiver
            })
            .collect();
        take(&mut Turns { channels, at: 0, count })
    })
}

/// Takes from the channels in turn, from each until its document is whole.
struct Turns {
    channels: Vec<Receiver<Fed>>,
    at: usize,
    count: usize,
}

impl Iterator for Turns {
    type Item = Fed;

    fn next(&mut self) -> Option<Fed> {
        if self.at == self.count {
            return None;
        }
        let fed = self.channels[self.at % self.channels.len()].recv().ok()?;
        if !matches!(&fed, Fed::Item(item) if item.more) {
            self.at += 1;
        }
        Some(fed)
    }
}

/// Reads one input and sends what it comes to; fails where nobody takes it.
fn one(input: Result<Input, Error>, given: &Given, knowledge: &Knowledge, sender: &SyncSender<Fed>) -> Result<(), ()> {
    let send = |fed: Fed| sender.send(fed).map_err(|_| ());
    let item = |document: DocumentInfo, report, more| Fed::Item(Box::new(Item { document, report, more }));
    let input = match input {
        Ok(input) => input,
        Err(error) => return send(Fed::Bad(error)),
    };
    match input.long_sheet() {
        Err(error) => send(Fed::Bad(error)),
        Ok(Some(sheet)) => {
            let survey = match pipeline::survey(&sheet, &given.about, knowledge) {
                Ok(survey) => survey,
                Err(error) => return send(Fed::Bad(error)),
            };
            let document = DocumentInfo {
                name: sheet.name.clone(),
                sha256: survey.sha256.clone(),
                bytes: sheet.bytes,
                media_type: sheet.media_type.to_string(),
                encoding: Some("UTF-8".to_string()),
                page_count: None,
            };
            let mut is_taken = true;
            let read = pipeline::parts(&sheet, &survey, knowledge, |report, more| {
                is_taken = send(item(document.clone(), report, more)).is_ok();
                is_taken
            });
            match read {
                Ok(()) if is_taken => Ok(()),
                Ok(()) => Err(()),
                // It was whole a moment ago: somebody is writing to it.
                Err(error) => send(Fed::Bad(error)),
            }
        }
        Ok(None) => match input.document(given.password.as_deref()) {
            Ok(document) => send(item((&document).into(), pipeline::report(&document, &given.about, knowledge), false)),
            Err(error) => send(Fed::Bad(error)),
        },
    }
}
