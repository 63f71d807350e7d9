//! Workbooks: tables that people fill in, with what each cell may hold, and sheets that they read.
//!
//! Every text is a text: it is no formula, whatever it begins with. The day of the workbook is given, so that
//! the same input makes the same bytes.
//!
//! - [`sheet`]: workbooks that count

pub mod sheet;

use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, Workbook, Worksheet, XlsxError,
};
use serde::Serialize;

use super::Content;

/// How many rows of a table say what they may hold.
pub const MOST_ROWS: u32 = 1000;
/// The most letters of a cell that people fill in.
const MOST_LETTERS: u32 = 2000;
/// The most letters that a spreadsheet shows beside a cell.
const MOST_HINT: usize = 250;
/// Dates before it are typing errors.
const FIRST_YEAR: u16 = 2020;

/// A column that people fill in.
#[derive(Clone, Debug, Serialize)]
pub struct Column<'c> {
    /// What stands in the header.
    pub name: &'c str,
    pub width: u16,
    pub holds: Holds<'c>,
    /// What is shown beside a cell that is filled in; none where it is empty.
    pub hint: &'c str,
}

/// What a cell may hold.
#[derive(Clone, Debug, Serialize)]
pub enum Holds<'c> {
    Text,
    /// So many letters.
    Letters(u32),
    Date,
    Amount,
    OneOf(Vec<&'c str>),
}

/// A line of a sheet that people read.
#[derive(Clone, Debug, Serialize)]
pub enum Line<'l> {
    Title(&'l str),
    Text(&'l str),
    /// The header of a table.
    Header(Vec<&'l str>),
    Row(Vec<&'l str>),
    Blank,
}

/// A sheet that people read.
#[derive(Clone, Debug, Serialize)]
pub struct Page<'p> {
    /// At most 31 letters, none of `[]:*?/\`.
    pub name: &'p str,
    pub rtl: bool,
    pub lines: Vec<Line<'p>>,
}

/// A table that people fill in, the pages about it, and the words of its closed columns.
#[derive(Clone, Debug, Serialize)]
pub struct Form<'f> {
    pub name: &'f str,
    pub columns: Vec<Column<'f>>,
    pub pages: Vec<Page<'f>>,
    /// The sheet with the words of closed columns.
    pub lists: &'f str,
    pub day: Date,
}

/// The workbook of a form.
pub fn form(form: &Form<'_>) -> Result<Content, String> {
    workbook(form).map(|bytes| Content(bytes.into())).map_err(|error| error.to_string())
}

fn workbook(form: &Form<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&day(form.day)?));
    table(book.add_worksheet().set_name(form.name)?, form)?;
    for page in &form.pages {
        written(book.add_worksheet().set_name(page.name)?.set_right_to_left(page.rtl), &page.lines)?;
    }
    words(book.add_worksheet().set_name(form.lists)?, &form.columns)?;
    book.save_to_buffer()
}

fn day(of: Date) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: i8| number.unsigned_abs();
    ExcelDateTime::from_ymd(of.year().unsigned_abs(), part(of.month()), part(of.day()))
}

fn header() -> Format {
    Format::new().set_bold().set_background_color(Color::RGB(0x00E8_EDF3)).set_border_bottom(FormatBorder::Thin)
}

fn table(sheet: &mut Worksheet, form: &Form<'_>) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    for (at, column) in (0..).zip(&form.columns) {
        let format = match column.holds {
            Holds::Date => Format::new().set_num_format("yyyy-mm-dd"),
            Holds::Amount => Format::new().set_num_format("0.00"),
            _ => Format::new().set_num_format("@"),
        };
        sheet.set_column_width(at, column.width)?;
        sheet.set_column_format(at, &format)?;
        sheet.write_string_with_format(0, at, column.name, &header())?;
        sheet.add_data_validation(1, at, MOST_ROWS, at, &validation(column, at, form.lists)?)?;
    }
    Ok(())
}

fn validation(column: &Column<'_>, at: u16, lists: &str) -> Result<DataValidation, XlsxError> {
    let some = DataValidation::new();
    let some = match &column.holds {
        Holds::Text => some.allow_text_length(DataValidationRule::LessThanOrEqualTo(MOST_LETTERS)),
        Holds::Letters(letters) => some.allow_text_length(DataValidationRule::EqualTo(*letters)),
        Holds::Date => {
            some.allow_date(DataValidationRule::GreaterThanOrEqualTo(ExcelDateTime::from_ymd(FIRST_YEAR, 1, 1)?))
        }
        Holds::Amount => some.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0)),
        Holds::OneOf(words) => {
            let letter = rust_xlsxwriter::utility::column_number_to_name(at);
            some.allow_list_formula(Formula::new(format!("={lists}!${letter}$2:${letter}${}", words.len() + 1)))
        }
    };
    let hint: String = column.hint.chars().take(MOST_HINT).collect();
    if hint.is_empty() { Ok(some) } else { some.set_input_message(hint) }
}

fn written(sheet: &mut Worksheet, lines: &[Line<'_>]) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let title = Format::new().set_bold().set_font_size(14);
    for (at, width) in [(0, 26), (1, 34), (2, 70), (3, 26)] {
        sheet.set_column_width(at, width)?;
    }
    for (row, line) in (0..).zip(lines) {
        match line {
            Line::Title(text) => cells(sheet, row, &[text], &title)?,
            Line::Header(texts) => cells(sheet, row, texts, &header())?,
            Line::Row(texts) => cells(sheet, row, texts, &wrapped)?,
            Line::Text(text) => {
                sheet.merge_range(row, 0, row, 2, text, &wrapped)?.set_row_height(row, height(text))?;
            }
            Line::Blank => {}
        }
    }
    Ok(())
}

fn cells(sheet: &mut Worksheet, row: u32, texts: &[&str], format: &Format) -> Result<(), XlsxError> {
    for (column, text) in (0..).zip(texts) {
        sheet.write_string_with_format(row, column, *text, format)?;
    }
    Ok(())
}

/// A merged cell does not grow with its text; wide letters take two places.
fn height(text: &str) -> f64 {
    let places: usize = text.chars().map(|c| if c > '\u{2e7f}' { 2 } else { 1 }).sum();
    15.0 * (places.div_ceil(115).max(1)) as f64
}

/// The words of each closed column, in the column of the same letter.
fn words(sheet: &mut Worksheet, columns: &[Column<'_>]) -> Result<(), XlsxError> {
    for (at, column) in (0..).zip(columns) {
        let Holds::OneOf(words) = &column.holds else { continue };
        sheet.set_column_width(at, column.width)?;
        sheet.write_string_with_format(0, at, column.name, &header())?;
        for (row, word) in (1..).zip(words) {
            sheet.write_string(row, at, *word)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    fn sample<'s>(words: Vec<&'s str>, hint: &'s str) -> Form<'s> {
        let column = |name, holds, hint| Column { name, width: 20, holds, hint };
        Form {
            name: "status",
            columns: vec![
                column("id", Holds::Text, hint),
                column("state", Holds::OneOf(words), ""),
                column("day", Holds::Date, ""),
                column("amount", Holds::Amount, ""),
                column("currency", Holds::Letters(3), ""),
            ],
            pages: vec![Page {
                name: "ar-AE",
                rtl: true,
                lines: vec![
                    Line::Title("=1+1"),
                    Line::Text("A & <b>"),
                    Line::Blank,
                    Line::Header(vec!["a"]),
                    Line::Row(vec!["@b"]),
                ],
            }],
            lists: "lists",
            day: Date::constant(2026, 11, 16),
        }
    }

    fn part(bytes: &Content, name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// Of each cell range its type, its words or bound, and what is shown beside it.
    fn rules(bytes: &Content) -> Vec<(String, String, String, String)> {
        let text = part(bytes, "xl/worksheets/sheet1.xml");
        let sheet = roxmltree::Document::parse(&text).unwrap();
        let rules = sheet.descendants().filter(|node| node.tag_name().name() == "dataValidation");
        rules
            .map(|rule| {
                let of = |name: &str| rule.attribute(name).unwrap_or_default().to_owned();
                let first = rule.descendants().find(|node| node.tag_name().name() == "formula1");
                let first = first.and_then(|node| node.text()).unwrap_or_default().to_owned();
                (of("sqref"), of("type"), first, of("prompt"))
            })
            .collect()
    }

    #[test]
    fn each_cell_says_what_it_may_hold() {
        let bytes = form(&sample(vec!["open", "closed"], "Copy it")).unwrap();
        let told = rules(&bytes);
        let told: Vec<_> = told.iter().map(|(at, kind, first, hint)| (&**at, &**kind, &**first, &**hint)).collect();
        assert_eq!(
            told,
            [
                ("A2:A1001", "textLength", "2000", "Copy it"),
                ("B2:B1001", "list", "lists!$B$2:$B$3", ""),
                ("C2:C1001", "date", "43831", ""),
                ("D2:D1001", "decimal", "0", ""),
                ("E2:E1001", "textLength", "3", ""),
            ]
        );
        let lists = part(&bytes, "xl/worksheets/sheet3.xml");
        assert_eq!(lists.matches("<c r=\"B").count(), 3, "a header and two words: {lists}");
        assert!(part(&bytes, "xl/worksheets/sheet1.xml").contains("state=\"frozen\""));
        assert!(part(&bytes, "xl/worksheets/sheet2.xml").contains("rightToLeft=\"1\""));
    }

    #[test]
    fn texts_are_texts_and_bytes_are_the_same_each_time() {
        let bytes = form(&sample(vec!["=cmd|' /C calc'!A0"], &"long ".repeat(200))).unwrap();
        assert_eq!(bytes, form(&sample(vec!["=cmd|' /C calc'!A0"], &"long ".repeat(200))).unwrap());
        for sheet in 1..=3 {
            assert!(!part(&bytes, &format!("xl/worksheets/sheet{sheet}.xml")).contains("<f>"));
        }
        let texts = part(&bytes, "xl/sharedStrings.xml");
        assert!(texts.contains(">=1+1<") && texts.contains("A &amp; &lt;b&gt;") && texts.contains(">=cmd|"), "{texts}");
        assert!(part(&bytes, "docProps/core.xml").contains("2026-11-16T00:00:00Z"));
    }
}
