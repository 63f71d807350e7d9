//! A template written anew, so that a tracing engine hears of every value that decides something.
//!
//! An engine compares two values without asking either of them. So each operand of a comparison, each
//! subscript and each bound goes through [`PLAIN`], and each condition through [`TRUTH`]; values that are
//! only printed or handed on do not. White space control is done by then, and the tags are characters that
//! no text has, so literal text stands as it is.

use std::fmt::Write;

use minijinja::Value;
use minijinja::machinery::ast::{BinOpKind, Call, CallArg, CompareOpKind, Expr, ForLoop, Macro, Stmt, UnaryOpKind};
use minijinja::syntax::SyntaxConfig;

/// Answers a value as the template is to look at it, and notes that it does.
pub const PLAIN: &str = "__plain";
/// Answers a value that is going to be tested for truth.
pub const TRUTH: &str = "__truth";

const BLOCK: (&str, &str) = ("\u{FDE0}", "\u{FDE1}");
const VARIABLE: (&str, &str) = ("\u{FDE2}", "\u{FDE3}");
const COMMENT: (&str, &str) = ("\u{FDE4}", "\u{FDE5}");

/// The syntax of what [`rewrite`] gives.
pub fn syntax() -> Result<SyntaxConfig, minijinja::Error> {
    let mut builder = SyntaxConfig::builder();
    builder.block_delimiters(BLOCK.0, BLOCK.1).variable_delimiters(VARIABLE.0, VARIABLE.1);
    builder.comment_delimiters(COMMENT.0, COMMENT.1).keep_trailing_newline(true).build()
}

/// The template of a syntax tree; `None` where it has something that cannot be written down.
pub fn rewrite(tree: &Stmt<'_>) -> Option<String> {
    let mut writer = Writer { out: String::new(), is_whole: true };
    writer.statement(tree);
    writer.is_whole.then_some(writer.out)
}

struct Writer {
    out: String,
    is_whole: bool,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn tag(&mut self, write: impl FnOnce(&mut Self)) {
        self.push(BLOCK.0);
        write(self);
        self.push(BLOCK.1);
    }

    fn end(&mut self, word: &str) {
        self.tag(|writer| writer.push(word));
    }

    fn statements(&mut self, statements: &[Stmt<'_>]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    /// A tag, what stands below it, and its end.
    fn block(&mut self, word: &str, body: &[Stmt<'_>], head: impl FnOnce(&mut Self)) {
        self.tag(|writer| {
            writer.push(word);
            head(writer);
        });
        self.statements(body);
        self.end(&format!("end{word}"));
    }

    /// What stands below the `else` of a block.
    fn otherwise(&mut self, body: &[Stmt<'_>]) {
        if !body.is_empty() {
            self.end("else");
            self.statements(body);
        }
    }

    fn statement(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitRaw(raw) => self.push(raw.raw),
            Stmt::EmitExpr(emit) => {
                self.push(VARIABLE.0);
                match &emit.expr {
                    // Not in parentheses, since the engine knows `super()` and `loop(…)` by their shape.
                    Expr::Call(call) => self.call(call),
                    other => self.expression(other),
                }
                self.push(VARIABLE.1);
            }
            Stmt::ForLoop(looped) => self.looped(looped),
            Stmt::IfCond(cond) => {
                self.tag(|writer| {
                    writer.push("if ");
                    writer.wrapped(TRUTH, &cond.expr);
                });
                self.statements(&cond.true_body);
                self.otherwise(&cond.false_body);
                self.end("endif");
            }
            Stmt::WithBlock(with) => self.block("with", &with.body, |writer| {
                writer.push(" ");
                writer.listed(&with.assignments, |writer, (target, value)| writer.assignment(target, value));
            }),
            Stmt::SetBlock(set) => self.block("set", &set.body, |writer| {
                writer.push(" ");
                writer.target(&set.target);
                if let Some(filter) = &set.filter {
                    writer.push(" | ");
                    writer.chain(filter);
                }
            }),
            Stmt::AutoEscape(escape) => self.block("autoescape", &escape.body, |writer| {
                writer.push(" ");
                writer.wrapped(PLAIN, &escape.enabled);
            }),
            Stmt::FilterBlock(block) => self.block("filter", &block.body, |writer| {
                writer.push(" ");
                writer.chain(&block.filter);
            }),
            Stmt::Block(block) => self.block("block", &block.body, |writer| {
                writer.push(" ");
                writer.push(block.name);
                writer.push(if block.required { " required" } else { "" });
            }),
            Stmt::Macro(declared) => self.block("macro", &declared.body, |writer| {
                writer.push(" ");
                writer.push(declared.name);
                writer.parameters(declared);
            }),
            Stmt::CallBlock(block) => self.block("call", &block.macro_decl.body, |writer| {
                writer.parameters(&block.macro_decl);
                writer.push(" ");
                writer.call(&block.call);
            }),
            alone => self.tag(|writer| writer.alone(alone)),
        }
    }

    fn looped(&mut self, looped: &ForLoop<'_>) {
        self.tag(|writer| {
            writer.push("for ");
            writer.target(&looped.target);
            writer.push(" in ");
            writer.wrapped(TRUTH, &looped.iter);
            if let Some(filter) = &looped.filter_expr {
                writer.push(" if ");
                writer.wrapped(TRUTH, filter);
            }
            writer.push(if looped.recursive { " recursive" } else { "" });
        });
        self.statements(&looped.body);
        self.otherwise(&looped.else_body);
        self.end("endfor");
    }

    /// What a tag with nothing below it says.
    fn alone(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Set(set) => {
                self.push("set ");
                self.assignment(&set.target, &set.expr);
            }
            Stmt::Import(import) => {
                self.push("import ");
                self.wrapped(PLAIN, &import.expr);
                self.push(" as ");
                self.target(&import.name);
            }
            Stmt::FromImport(import) => {
                self.push("from ");
                self.wrapped(PLAIN, &import.expr);
                self.push(" import ");
                self.listed(&import.names, |writer, (name, alias)| {
                    writer.target(name);
                    if let Some(alias) = alias {
                        writer.push(" as ");
                        writer.target(alias);
                    }
                });
            }
            Stmt::Extends(extends) => {
                self.push("extends ");
                self.wrapped(PLAIN, &extends.name);
            }
            Stmt::Include(include) => {
                self.push("include ");
                self.wrapped(PLAIN, &include.name);
                self.push(if include.ignore_missing { " ignore missing" } else { "" });
            }
            Stmt::Do(done) => {
                self.push("do ");
                self.call(&done.call);
            }
            _ => self.is_whole = false,
        }
    }

    fn assignment(&mut self, target: &Expr<'_>, value: &Expr<'_>) {
        self.target(target);
        self.push(" = ");
        self.expression(value);
    }

    fn parameters(&mut self, declared: &Macro<'_>) {
        let required = declared.args.len().saturating_sub(declared.defaults.len());
        let defaults = std::iter::repeat_n(None, required).chain(declared.defaults.iter().map(Some));
        let parameters: Vec<_> = declared.args.iter().zip(defaults).collect();
        self.push("(");
        self.listed(&parameters, |writer, (name, default)| {
            writer.target(name);
            if let Some(default) = default {
                writer.push(" = ");
                writer.expression(default);
            }
        });
        self.push(")");
    }

    /// What is assigned to.
    fn target(&mut self, target: &Expr<'_>) {
        match target {
            Expr::Var(name) => self.push(name.id),
            Expr::GetAttr(get) => {
                self.target(&get.expr);
                self.push(".");
                self.push(get.name);
            }
            Expr::List(list) => self.targets(&list.items),
            Expr::Tuple(tuple) => self.targets(&tuple.items),
            _ => self.is_whole = false,
        }
    }

    fn targets(&mut self, items: &[Expr<'_>]) {
        self.push("(");
        for item in items {
            self.target(item);
            // Also behind the last, so that one alone is a list too.
            self.push(", ");
        }
        self.push(")");
    }

    /// Filters that are applied to a block of text.
    fn chain(&mut self, filter: &Expr<'_>) {
        let Expr::Filter(filter) = filter else {
            self.is_whole = false;
            return;
        };
        if let Some(before) = &filter.expr {
            self.chain(before);
            self.push(" | ");
        }
        self.push(filter.name);
        self.arguments(&filter.args);
    }

    fn listed<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            self.push(if index > 0 { ", " } else { "" });
            write(self, item);
        }
    }

    /// An expression through one of the two functions; a constant needs neither.
    fn wrapped(&mut self, function: &str, expression: &Expr<'_>) {
        if matches!(expression, Expr::Const(_)) {
            return self.expression(expression);
        }
        self.push(function);
        self.push("(");
        self.expression(expression);
        self.push(")");
    }

    fn joined(&mut self, function: &str, left: &Expr<'_>, sign: &str, right: &Expr<'_>) {
        self.wrapped(function, left);
        self.push(" ");
        self.push(sign);
        self.push(" ");
        self.wrapped(function, right);
    }

    fn expression(&mut self, expression: &Expr<'_>) {
        match expression {
            Expr::Var(name) => return self.push(name.id),
            Expr::Const(constant) => return self.constant(&constant.value),
            Expr::Call(call) => return self.call(call),
            _ => {}
        }
        self.push("(");
        self.operation(expression);
        self.push(")");
    }

    fn operation(&mut self, expression: &Expr<'_>) {
        match expression {
            Expr::UnaryOp(op) => match op.op {
                UnaryOpKind::Not => {
                    self.push("not ");
                    self.wrapped(TRUTH, &op.expr);
                }
                UnaryOpKind::Neg => {
                    self.push("-");
                    self.wrapped(PLAIN, &op.expr);
                }
            },
            Expr::BinOp(op) => {
                let function = if matches!(op.op, BinOpKind::ScAnd | BinOpKind::ScOr) { TRUTH } else { PLAIN };
                self.joined(function, &op.left, operator(op.op), &op.right);
            }
            Expr::Compare(compare) => {
                self.wrapped(PLAIN, &compare.expr);
                for op in &compare.ops {
                    self.push(" ");
                    self.push(comparison(op.op));
                    self.push(" ");
                    self.wrapped(PLAIN, &op.expr);
                }
            }
            Expr::IfExpr(cond) => {
                self.expression(&cond.true_expr);
                self.push(" if ");
                self.wrapped(TRUTH, &cond.test_expr);
                if let Some(otherwise) = &cond.false_expr {
                    self.push(" else ");
                    self.expression(otherwise);
                }
            }
            Expr::Filter(filter) => {
                match &filter.expr {
                    Some(value) => self.expression(value),
                    None => self.is_whole = false,
                }
                self.push(" | ");
                self.push(filter.name);
                self.arguments(&filter.args);
            }
            Expr::Test(test) => {
                self.expression(&test.expr);
                self.push(" is ");
                self.push(test.name);
                if !test.args.is_empty() {
                    self.arguments(&test.args);
                }
            }
            part => self.part(part),
        }
    }

    /// What is taken out of a value, or put together.
    fn part(&mut self, expression: &Expr<'_>) {
        match expression {
            Expr::Slice(slice) => {
                self.wrapped(TRUTH, &slice.expr);
                self.push("[");
                for (index, bound) in [&slice.start, &slice.stop, &slice.step].into_iter().enumerate() {
                    self.push(if index > 0 { ":" } else { "" });
                    if let Some(bound) = bound {
                        self.wrapped(PLAIN, bound);
                    }
                }
                self.push("]");
            }
            Expr::GetAttr(get) => {
                self.expression(&get.expr);
                self.push(".");
                self.push(get.name);
            }
            Expr::GetItem(get) => {
                self.wrapped(TRUTH, &get.expr);
                self.push("[");
                self.wrapped(PLAIN, &get.subscript_expr);
                self.push("]");
            }
            Expr::List(list) => {
                self.push("[");
                self.listed(&list.items, |writer, item| writer.expression(item));
                self.push("]");
            }
            Expr::Tuple(tuple) => {
                for item in &tuple.items {
                    self.expression(item);
                    self.push(", ");
                }
            }
            Expr::Map(map) => {
                let entries: Vec<_> = map.keys.iter().zip(&map.values).collect();
                self.push("{");
                self.listed(&entries, |writer, (key, value)| {
                    writer.wrapped(PLAIN, key);
                    writer.push(": ");
                    writer.expression(value);
                });
                self.push("}");
            }
            // [`Self::expression`] has written all others.
            _ => self.is_whole = false,
        }
    }

    fn call(&mut self, call: &Call<'_>) {
        // `loop.changed(x)` compares what it is given; the functions of the engine itself look at it.
        let looks = match &call.expr {
            Expr::GetAttr(get) => matches!(&get.expr, Expr::Var(name) if name.id == "loop"),
            Expr::Var(name) => matches!(name.id, "range" | "dict" | "namespace" | "debug"),
            _ => false,
        };
        match &call.expr {
            Expr::GetAttr(get) => {
                self.expression(&get.expr);
                self.push(".");
                self.push(get.name);
            }
            other => self.expression(other),
        }
        self.push("(");
        self.listed(&call.args, |writer, argument| writer.argument(argument, looks));
        self.push(")");
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>]) {
        self.push("(");
        self.listed(arguments, |writer, argument| writer.argument(argument, false));
        self.push(")");
    }

    fn argument(&mut self, argument: &CallArg<'_>, looks: bool) {
        let value = match argument {
            CallArg::Pos(value) => value,
            CallArg::Kwarg(name, value) => {
                self.push(name);
                self.push("=");
                value
            }
            CallArg::PosSplat(value) => {
                self.push("*");
                value
            }
            CallArg::KwargSplat(value) => {
                self.push("**");
                value
            }
        };
        let splat = matches!(argument, CallArg::PosSplat(_) | CallArg::KwargSplat(_));
        match looks || splat {
            true => self.wrapped(PLAIN, value),
            false => self.expression(value),
        }
    }

    fn constant(&mut self, value: &Value) {
        if let Some(text) = value.as_str() {
            return self.text(text);
        }
        if value.is_none() {
            return self.push("none");
        }
        match value.kind() {
            minijinja::value::ValueKind::Bool => self.push(if value.is_true() { "true" } else { "false" }),
            minijinja::value::ValueKind::Number => {
                let _ = write!(self.out, "{value}");
            }
            _ => self.is_whole = false,
        }
    }

    fn text(&mut self, text: &str) {
        self.push("\"");
        for c in text.chars() {
            match c {
                '"' => self.push("\\\""),
                '\\' => self.push("\\\\"),
                '\n' => self.push("\\n"),
                '\r' => self.push("\\r"),
                '\t' => self.push("\\t"),
                other => self.out.push(other),
            }
        }
        self.push("\"");
    }
}

fn operator(op: BinOpKind) -> &'static str {
    match op {
        BinOpKind::Eq => "==",
        BinOpKind::Ne => "!=",
        BinOpKind::Lt => "<",
        BinOpKind::Lte => "<=",
        BinOpKind::Gt => ">",
        BinOpKind::Gte => ">=",
        BinOpKind::ScAnd => "and",
        BinOpKind::ScOr => "or",
        BinOpKind::Add => "+",
        BinOpKind::Sub => "-",
        BinOpKind::Mul => "*",
        BinOpKind::Div => "/",
        BinOpKind::FloorDiv => "//",
        BinOpKind::Rem => "%",
        BinOpKind::Pow => "**",
        BinOpKind::Concat => "~",
        BinOpKind::In => "in",
    }
}

fn comparison(op: CompareOpKind) -> &'static str {
    match op {
        CompareOpKind::Eq => "==",
        CompareOpKind::Ne => "!=",
        CompareOpKind::Lt => "<",
        CompareOpKind::Lte => "<=",
        CompareOpKind::Gt => ">",
        CompareOpKind::Gte => ">=",
        CompareOpKind::In => "in",
        CompareOpKind::NotIn => "not in",
    }
}
