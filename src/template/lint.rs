//! Checks on MiniJinja templates before anything is rendered: unknown filters, tests and functions,
//! and templates that are referred to but not there.

use std::collections::BTreeSet;
use std::ops::Range;

use minijinja::machinery::ast::{CallArg, Expr, Stmt};
use minijinja::machinery::{Span, parse};
use minijinja::{Environment, Value};

use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::template::minijinja::syntax;
use crate::template::{Templates, hint};

/// Names that the engine itself provides to calls.
const CALLABLE: [&str; 4] = ["super", "loop", "caller", "self"];

/// Checks every template that parses; syntax errors are the engine's to report.
pub fn minijinja(templates: &Templates, environment: &Environment<'_>) -> Diagnostics {
    let mut names: BTreeSet<&str> = CALLABLE.into_iter().collect();
    // What prints all there is would make of every value one that is read.
    let globals = environment.globals().filter(|(name, _)| *name != "debug");
    let globals: Vec<String> = globals.map(|(name, _)| name.to_owned()).collect();
    names.extend(globals.iter().map(String::as_str));
    let mut all = Vec::new();
    for (name, text) in templates.iter() {
        let mut uses = Uses::default();
        if let Ok(tree) = syntax().and_then(|syntax| parse(text, name, syntax)) {
            uses.statement(&tree);
        }
        names.extend(&uses.assigned);
        all.push((name, text, uses));
    }
    let mut lint = Lint { templates, environment, callable: names, found: Diagnostics::default() };
    for (name, text, uses) in &all {
        lint.template(name, text, uses);
    }
    lint.found
}

/// Adds the names of all filters and tests that a template uses.
pub fn named<'a>(tree: &Stmt<'a>, filters: &mut BTreeSet<&'a str>, tests: &mut BTreeSet<&'a str>) {
    let mut uses = Uses::default();
    uses.statement(tree);
    filters.extend(uses.filters.iter().map(|(name, _)| name));
    tests.extend(uses.tests.iter().map(|(name, _)| name));
}

/// The byte range of a line counted from 1, without its line end.
pub fn line_range(text: &str, line: usize) -> Range<usize> {
    let mut start = 0;
    for (index, content) in text.split('\n').enumerate() {
        if index + 1 == line {
            return start..start + content.trim_end_matches('\r').len();
        }
        start += content.len() + 1;
    }
    text.len()..text.len()
}

struct Lint<'a> {
    templates: &'a Templates,
    environment: &'a Environment<'a>,
    /// What may stand before a `(`: functions, and everything that any template assigns, since an
    /// included template sees what its includer has.
    callable: BTreeSet<&'a str>,
    found: Diagnostics,
}

impl Lint<'_> {
    fn template(&mut self, template: &str, text: &str, uses: &Uses<'_>) {
        for (name, range) in &uses.filters {
            if !self.knows("filter", name) {
                let known = crate::filters::FILTERS.iter().map(|filter| filter.name);
                self.unknown(template, text, "filter", name, range, nearest(name, known));
            }
        }
        for (name, range) in &uses.tests {
            if !self.knows("test", name) {
                let known = ["defined", "undefined", "none", "number", "string", "mapping", "sequence", "odd", "even"];
                self.unknown(template, text, "test", name, range, nearest(name, known));
            }
        }
        for (name, range) in &uses.calls {
            if !self.callable.contains(name) {
                let near = nearest(name, self.callable.iter().copied()).map(str::to_owned);
                self.unknown(template, text, "function", name, range, near.as_deref());
            }
        }
        for (names, range) in &uses.templates {
            if !names.iter().any(|name| self.templates.contains(name)) {
                let name = names.first().map(String::as_str).unwrap_or_default();
                let near = nearest(name, self.templates.names()).map(str::to_owned);
                self.unknown(template, text, "template", name, range, near.as_deref());
            }
        }
    }

    /// Asks the engine itself, so that its own filters and tests are known without a list of ours.
    fn knows(&self, kind: &str, name: &str) -> bool {
        self.environment.empty_state().perform_test(kind, &[Value::from(name)]).unwrap_or(false)
    }

    fn unknown(
        &mut self,
        template: &str,
        text: &str,
        kind: &str,
        name: &str,
        range: &Range<usize>,
        near: Option<&str>,
    ) {
        let inside = text.get(range.clone()).and_then(|part| part.find(name)).filter(|_| !name.is_empty());
        let range = inside.map_or(range.clone(), |at| range.start + at..range.start + at + name.len());
        let diagnostic = Diagnostic::error("E-TEMPLATE", format!("there is no {kind} `{name}`"));
        let diagnostic = self.templates.placed(diagnostic, template, range, "");
        self.found.push(hint::unknown(diagnostic, kind, near));
    }
}

/// What one template refers to, each with a range that contains the name.
#[derive(Default)]
struct Uses<'a> {
    filters: Vec<(&'a str, Range<usize>)>,
    tests: Vec<(&'a str, Range<usize>)>,
    calls: Vec<(&'a str, Range<usize>)>,
    /// Any one of the names is enough.
    templates: Vec<(Vec<String>, Range<usize>)>,
    assigned: BTreeSet<&'a str>,
}

fn range(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

impl<'a> Uses<'a> {
    fn statements(&mut self, statements: &[Stmt<'a>]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Stmt<'a>) {
        match statement {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitExpr(emit) => self.expression(&emit.expr),
            Stmt::EmitRaw(_) => {}
            Stmt::ForLoop(looped) => {
                self.assign(&looped.target);
                self.expression(&looped.iter);
                looped.filter_expr.iter().for_each(|filter| self.expression(filter));
                self.statements(&looped.body);
                self.statements(&looped.else_body);
            }
            Stmt::IfCond(cond) => {
                self.expression(&cond.expr);
                self.statements(&cond.true_body);
                self.statements(&cond.false_body);
            }
            Stmt::WithBlock(with) => {
                for (target, value) in &with.assignments {
                    self.assign(target);
                    self.expression(value);
                }
                self.statements(&with.body);
            }
            Stmt::Set(set) => {
                self.assign(&set.target);
                self.expression(&set.expr);
            }
            Stmt::SetBlock(set) => {
                self.assign(&set.target);
                set.filter.iter().for_each(|filter| self.expression(filter));
                self.statements(&set.body);
            }
            Stmt::AutoEscape(escape) => {
                self.expression(&escape.enabled);
                self.statements(&escape.body);
            }
            Stmt::FilterBlock(block) => {
                self.expression(&block.filter);
                self.statements(&block.body);
            }
            Stmt::Block(block) => self.statements(&block.body),
            Stmt::Import(import) => {
                self.template(&import.expr);
                self.assign(&import.name);
            }
            Stmt::FromImport(import) => {
                self.template(&import.expr);
                import.names.iter().for_each(|(name, alias)| self.assign(alias.as_ref().unwrap_or(name)));
            }
            Stmt::Extends(extends) => self.template(&extends.name),
            Stmt::Include(include) if include.ignore_missing => self.expression(&include.name),
            Stmt::Include(include) => self.template(&include.name),
            Stmt::Macro(declared) => self.macro_declared(declared),
            Stmt::CallBlock(block) => {
                self.call(&block.call);
                self.macro_declared(&block.macro_decl);
            }
            Stmt::Do(done) => self.call(&done.call),
        }
    }

    fn macro_declared(&mut self, declared: &minijinja::machinery::ast::Macro<'a>) {
        self.assigned.insert(declared.name);
        declared.args.iter().for_each(|argument| self.assign(argument));
        declared.defaults.iter().for_each(|default| self.expression(default));
        self.statements(&declared.body);
    }

    fn assign(&mut self, target: &Expr<'a>) {
        match target {
            Expr::Var(name) => {
                self.assigned.insert(name.id);
            }
            Expr::List(list) => list.items.iter().for_each(|item| self.assign(item)),
            Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| self.assign(item)),
            other => self.expression(other),
        }
    }

    /// The name of a template: a text, or a list of texts of which one is enough. A computed name can
    /// only be checked when it is used.
    fn template(&mut self, name: &Expr<'a>) {
        let Some(value) = name.as_const() else { return self.expression(name) };
        let names = match value.as_str() {
            Some(name) => vec![name.to_owned()],
            None => value.try_iter().map(|names| names.map(|name| name.to_string()).collect()).unwrap_or_default(),
        };
        self.templates.push((names, range(name.span())));
    }

    fn expressions<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr<'a>>)
    where
        'a: 'e,
    {
        expressions.into_iter().for_each(|expression| self.expression(expression));
    }

    fn expression(&mut self, expression: &Expr<'a>) {
        match expression {
            Expr::Var(_) | Expr::Const(_) => {}
            Expr::Slice(slice) => {
                self.expression(&slice.expr);
                self.expressions([&slice.start, &slice.stop, &slice.step].into_iter().flatten());
            }
            Expr::UnaryOp(op) => self.expression(&op.expr),
            Expr::BinOp(op) => self.expressions([&op.left, &op.right]),
            Expr::Compare(compare) => {
                self.expression(&compare.expr);
                self.expressions(compare.ops.iter().map(|op| &op.expr));
            }
            Expr::IfExpr(cond) => {
                self.expressions([&cond.test_expr, &cond.true_expr]);
                self.expressions(&cond.false_expr);
            }
            Expr::Filter(filter) => {
                let mut place = range(filter.span());
                if let Some(value) = &filter.expr {
                    self.expression(value);
                    place.start = place.start.max(range(value.span()).end).min(place.end);
                }
                self.filters.push((filter.name, place));
                self.arguments(&filter.args);
            }
            Expr::Test(test) => {
                self.expression(&test.expr);
                let place = range(test.span());
                self.tests.push((test.name, range(test.expr.span()).end.clamp(place.start, place.end)..place.end));
                self.arguments(&test.args);
            }
            Expr::GetAttr(get) => self.expression(&get.expr),
            Expr::GetItem(get) => self.expressions([&get.expr, &get.subscript_expr]),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => self.expressions(&list.items),
            Expr::Tuple(tuple) => self.expressions(&tuple.items),
            Expr::Map(map) => self.expressions(map.keys.iter().chain(&map.values)),
        }
    }

    fn call(&mut self, call: &minijinja::machinery::ast::Call<'a>) {
        match &call.expr {
            Expr::Var(name) => self.calls.push((name.id, range(name.span()))),
            other => self.expression(other),
        }
        self.arguments(&call.args);
    }

    fn arguments(&mut self, arguments: &[CallArg<'a>]) {
        for argument in arguments {
            match argument {
                CallArg::Pos(value)
                | CallArg::Kwarg(_, value)
                | CallArg::PosSplat(value)
                | CallArg::KwargSplat(value) => self.expression(value),
            }
        }
    }
}
