//! Workbooks that count: cells that hold a text, a number, a day or a formula, and cells that people fill in.
//!
//! A formula is the program's own: no text of anybody gets into one, but as a cell that it names. Each carries its result,
//! since not every reader counts anew.

use std::borrow::Cow;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, Format, FormatAlign, FormatBorder, Formula, Workbook,
    Worksheet, XlsxError,
};

use super::super::Content;
use super::{FIRST_YEAR, MOST_LETTERS, day, header};

/// A sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Cut and cleaned to what a name of a sheet may be.
    pub name: String,
    pub rtl: bool,
    /// Of each column, in letters.
    pub widths: Vec<u16>,
    /// How many rows stay in sight.
    pub frozen: u32,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug)]
pub enum Cell {
    Blank,
    Text(String),
    /// What stands above a column, or in front of a value.
    Head(String),
    Title(String),
    Day(Date),
    Amount(Decimal),
    /// As it was written, whatever the digits of money.
    Percent(Decimal),
    /// Without digits behind the point.
    Count(i64),
    Formula(Counted),
    Input(Input),
    /// The same, with what stands there already.
    Filled(Input, String),
}

impl Cell {
    fn input(&self) -> Option<&Input> {
        match self {
            Self::Input(input) | Self::Filled(input, _) => Some(input),
            _ => None,
        }
    }
}

/// What a formula is, and what it comes to where nothing is filled in.
#[derive(Clone, Debug)]
pub struct Counted {
    pub formula: String,
    pub result: Decimal,
}

/// What people may fill in.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    Text,
    Day,
    Amount,
    Rate,
    /// One of these words.
    OneOf(Vec<&'static str>),
    /// One of what stands in these cells, `'Sheet'!$A$2:$A$9`.
    Among(String),
}

/// A cell as formulas name it, by row and column from 0 on: `B3`.
pub fn at(row: usize, column: usize) -> String {
    row_col_to_cell(row as u32, column as u16)
}

/// The same wherever the formula is copied to: `$B$3`.
pub fn fixed(row: usize, column: usize) -> String {
    rust_xlsxwriter::utility::row_col_to_cell_absolute(row as u32, column as u16)
}

/// A sheet as formulas name it: `'Invoices'`.
pub fn named(name: &str) -> String {
    format!("'{}'", name_of(name))
}

/// The most letters of a sheet's name.
const MOST_NAME: usize = 31;

/// A name that a sheet may have: signs that it may not hold are left out.
fn name_of(name: &str) -> String {
    let kept = name.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control());
    kept.collect::<String>().trim().chars().take(MOST_NAME).collect()
}

/// The workbook. Amounts have so many digits behind the point.
pub fn book(sheets: &[Sheet], places: u32, made_on: Date) -> Result<Content, String> {
    workbook(sheets, places, made_on).map(|bytes| Content(bytes.into())).map_err(|error| error.to_string())
}

fn workbook(sheets: &[Sheet], places: u32, made_on: Date) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new(places);
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&day(made_on)?));
    for sheet in sheets {
        let page = book.add_worksheet().set_name(name_of(&sheet.name))?.set_right_to_left(sheet.rtl);
        page.set_freeze_panes(sheet.frozen, 0)?;
        for (at, width) in (0..).zip(&sheet.widths) {
            page.set_column_width(at, *width)?;
        }
        for (row, cells) in (0..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(cells) {
                looks.write(page, row, column, cell)?;
            }
        }
        rules(page, sheet)?;
    }
    book.save_to_buffer()
}

/// What may be filled in, once for all cells of a column that stand below each other: a spreadsheet reads a rule for each
/// cell as well, but a large sheet opens slowly then.
fn rules(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let input = |row: usize, column: usize| sheet.rows[row].get(column).and_then(Cell::input);
    let columns = sheet.rows.iter().map(Vec::len).max().unwrap_or_default();
    for column in 0..columns {
        let rows: Vec<usize> = (0..sheet.rows.len()).collect();
        for run in rows.chunk_by(|a, b| input(*a, column) == input(*b, column)) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            if let Some(input) = input(*first, column) {
                page.add_data_validation(*first as u32, column as u16, *last as u32, column as u16, &rule(input)?)?;
            }
        }
    }
    Ok(())
}

fn rule(input: &Input) -> Result<DataValidation, XlsxError> {
    let rule = DataValidation::new();
    Ok(match input {
        Input::Text => rule.allow_text_length(DataValidationRule::LessThanOrEqualTo(MOST_LETTERS)),
        Input::Day => {
            let first = day(Date::constant(FIRST_YEAR as i16, 1, 1))?;
            rule.allow_date(DataValidationRule::GreaterThanOrEqualTo(first))
        }
        Input::Amount => rule.allow_decimal_number(DataValidationRule::Between(0.0, 1e12)),
        Input::Rate => rule.allow_decimal_number(DataValidationRule::GreaterThan(0.0)),
        Input::OneOf(words) => rule.allow_list_strings(words)?,
        Input::Among(cells) => rule.allow_list_formula(Formula::new(format!("={cells}"))),
    })
}

struct Looks {
    text: Format,
    plain: Format,
    title: Format,
    head: Format,
    day: Format,
    amount: Format,
    counted: Format,
    open: Format,
    open_day: Format,
    open_amount: Format,
    open_rate: Format,
}

impl Looks {
    fn new(places: u32) -> Self {
        let money = if places == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(places as usize)) };
        let top = || Format::new().set_align(FormatAlign::Top);
        // What people fill in is framed, so that it is found.
        let open = || top().set_border(FormatBorder::Thin).set_background_color(Color::RGB(0x00FF_FBE6));
        Self {
            text: top().set_text_wrap(),
            plain: top(),
            title: Format::new().set_bold().set_font_size(14),
            head: header().set_text_wrap(),
            day: top().set_num_format("yyyy-mm-dd"),
            amount: top().set_num_format(&money),
            counted: top().set_num_format(&money).set_background_color(Color::RGB(0x00F3_F5F8)),
            open: open().set_num_format("@").set_text_wrap(),
            open_day: open().set_num_format("yyyy-mm-dd"),
            open_amount: open().set_num_format(&money),
            open_rate: open().set_num_format("0.000000"),
        }
    }

    fn write(&self, sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Blank => {}
            Cell::Text(text) => drop(sheet.write_string_with_format(row, column, held(text), &self.text)?),
            Cell::Head(text) => drop(sheet.write_string_with_format(row, column, held(text), &self.head)?),
            Cell::Title(text) => drop(sheet.write_string_with_format(row, column, held(text), &self.title)?),
            Cell::Day(of) => drop(sheet.write_datetime_with_format(row, column, day(*of)?, &self.day)?),
            Cell::Amount(amount) => drop(sheet.write_number_with_format(row, column, float(*amount), &self.amount)?),
            Cell::Percent(percent) => {
                sheet.write_number_with_format(row, column, float(*percent), &self.plain)?;
            }
            Cell::Count(count) => drop(sheet.write_number(row, column, *count as f64)?),
            Cell::Formula(counted) => {
                let formula = Formula::new(&counted.formula).set_result(counted.result.to_string());
                sheet.write_formula_with_format(row, column, formula, &self.counted)?;
            }
            Cell::Input(input) => drop(sheet.write_blank(row, column, self.open(input))?),
            Cell::Filled(input, text) => {
                sheet.write_string_with_format(row, column, held(text), self.open(input))?;
            }
        }
        Ok(())
    }

    fn open(&self, input: &Input) -> &Format {
        match input {
            Input::Text | Input::OneOf(_) | Input::Among(_) => &self.open,
            Input::Day => &self.open_day,
            Input::Amount => &self.open_amount,
            Input::Rate => &self.open_rate,
        }
    }
}

/// The most letters that a cell holds.
const MOST_HELD: usize = 32_767;

/// As much of a text as a cell holds. A list of very many names ends with `…`; the tables beside the workbook have them all.
fn held(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST_HELD) {
        None => text.into(),
        Some(_) => text.chars().take(MOST_HELD - 1).chain(['…']).collect::<String>().into(),
    }
}

/// Spreadsheets know no other numbers; fifteen digits of money are exact.
fn float(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn only_formulas_are_formulas_and_they_carry_their_results() {
        let sum = Counted { formula: format!("={}!{}+1", named("A's [x]"), at(0, 1)), result: Decimal::ONE };
        let sheet = |name: &str, rows| Sheet { name: name.to_owned(), rtl: false, widths: vec![9], frozen: 0, rows };
        let rows = vec![vec![Cell::Text("=1+1".into()), Cell::Formula(sum), Cell::Input(Input::OneOf(vec!["yes"]))]];
        let bytes = book(&[sheet("A's [x]", rows)], 2, Date::constant(2026, 11, 16)).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
        let mut text = String::new();
        archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text.matches("<f>").count(), 1, "{text}");
        assert!(text.contains("<f>'As x'!B1+1</f><v>1</v>"), "{text}");
        assert!(text.contains("\"yes\""), "{text}");
    }

    #[test]
    fn a_text_is_cut_where_a_cell_ends() {
        let of = |letters: usize| held(&"ü".repeat(letters)).chars().count();
        assert_eq!((of(MOST_HELD), of(MOST_HELD + 1)), (MOST_HELD, MOST_HELD));
        assert!(held(&"ü".repeat(MOST_HELD + 1)).ends_with('…'));
        let rows =
            vec![vec![Cell::Text("n".repeat(MOST_HELD * 2)), Cell::Filled(Input::Text, "n".repeat(MOST_HELD * 2))]];
        let sheet = Sheet { name: "A".to_owned(), rtl: false, widths: vec![9], frozen: 0, rows };
        assert!(book(&[sheet], 2, Date::constant(2026, 11, 16)).is_ok());
    }
}
