//! The functions that templates call: one table for both engines.

use std::fmt;

use crate::data::Data;
use crate::filters::Filter;
use crate::interpolate::Scope;
use crate::marks;
use crate::template::current;

/// One function of the table. All parameters are texts and all are required.
#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    /// What it answers, in one line for the documentation.
    pub purpose: &'static str,
    pub parameters: &'static [&'static str],
    run: fn(&dyn Scope, &[String]) -> Result<String, String>,
}

/// Every function, by name.
pub static FUNCTIONS: &[Function] = &[
    Function {
        name: "address",
        purpose: "the absolute URL of a page of the site, untagged: where a form leads back to",
        parameters: &["id"],
        run: |scope, arguments| {
            let id = marks::strip(&arguments[0]);
            let address = scope.address(&id)?;
            current::note(&id, None);
            Ok(address)
        },
    },
    Function {
        name: "asset",
        purpose: "the URL of a file below `assets/`, relative from the page",
        parameters: &["path"],
        run: |scope, arguments| scope.asset(&arguments[0]),
    },
    Function {
        name: "email_asset",
        purpose: "the absolute URL of a file below `assets/`, for emails",
        parameters: &["path"],
        run: |scope, arguments| scope.email_asset(&arguments[0]),
    },
    Function {
        name: "link",
        purpose: "the URL of a link of the taxonomy, tagged for the placement it is used at",
        parameters: &["id", "placement"],
        run: |scope, arguments| {
            let (id, placement) = (marks::strip(&arguments[0]), marks::strip(&arguments[1]));
            let address = scope.link(&id, &placement)?;
            current::note(&id, Some(&placement));
            Ok(address)
        },
    },
];

/// Why a filter or function refused, carried through an engine's own errors.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub code: &'static str,
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// Arguments as an engine gives them: some by place, some by name.
#[derive(Default)]
pub struct Given {
    pub by_place: Vec<Data>,
    pub by_name: Vec<(String, Data)>,
}

impl Given {
    /// The arguments in the order of the parameters, none where one was not given.
    pub fn ordered(self, parameters: &[&str], callee: &dyn fmt::Display) -> Result<Vec<Option<Data>>, Refusal> {
        let template = |message| Refusal { code: "E-TEMPLATE", message };
        if self.by_place.len() > parameters.len() {
            let takes =
                if parameters.is_empty() { "no argument".to_owned() } else { format!("at most {}", parameters.len()) };
            return Err(template(format!("{callee} takes {takes}")));
        }
        let mut ordered: Vec<_> = self.by_place.into_iter().map(Some).collect();
        ordered.resize(parameters.len(), None);
        for (name, value) in self.by_name {
            let Some(index) = parameters.iter().position(|parameter| *parameter == name) else {
                return Err(template(format!("{callee} has no argument `{name}`")));
            };
            ordered[index] = Some(value);
        }
        Ok(ordered)
    }
}

/// Calls a function within the current scope.
pub fn call(function: &Function, given: Given) -> Result<Data, Refusal> {
    // Called thousands of times, and named only where it goes wrong.
    let callee = format_args!("function `{}`", function.name);
    let template = |message| Refusal { code: "E-TEMPLATE", message };
    let mut texts = Vec::with_capacity(function.parameters.len());
    for (argument, parameter) in given.ordered(function.parameters, &callee)?.into_iter().zip(function.parameters) {
        let text = argument.as_ref().and_then(Data::as_str);
        texts.push(text.ok_or_else(|| template(format!("{callee} needs a text for `{parameter}`")))?.to_owned());
    }
    let scope = current::scope().ok_or_else(|| template(format!("{callee} is called outside of a page")))?;
    (function.run)(&*scope, &texts).map(Data::from).map_err(|message| Refusal { code: "E-LINK", message })
}

/// Applies a filter of the table within the current scope.
pub fn apply(filter: &Filter, value: &Data, given: Given) -> Result<Data, Refusal> {
    let arguments = given.ordered(filter.parameters, &format_args!("filter `{}`", filter.name))?;
    applied(filter, value, &arguments)
}

/// As [`apply`], with an argument or none for each parameter.
pub fn applied(filter: &Filter, value: &Data, arguments: &[Option<Data>]) -> Result<Data, Refusal> {
    let scope = current::scope();
    let locale = scope.as_ref().map_or("und", |scope| scope.locale());
    let refusal = |message: String| Refusal {
        code: "E-TEMPLATE",
        message: if message.starts_with("filter `") { message } else { format!("filter `{}`: {message}", filter.name) },
    };
    filter.apply(value, arguments, locale).map_err(refusal)
}
