# Reads a database with RSQLite as read.py does with its clients: Rscript read.R DATABASE QUESTIONS

arguments <- commandArgs(trailingOnly = TRUE)
db <- DBI::dbConnect(RSQLite::SQLite(), arguments[1], extended_types = TRUE, flags = RSQLite::SQLITE_RO)

# Doubles print with the 17 digits that tell one from the next.
cell <- function(column) {
  if (is.double(column) && !inherits(column, c("Date", "integer64"))) {
    text <- sprintf("%.17g", column)
  } else {
    text <- enc2utf8(as.character(column))
  }
  text[is.na(column)] <- NA
  text
}

ask <- function(sql) {
  frame <- DBI::dbGetQuery(db, sql)
  cells <- lapply(frame, cell)
  lapply(seq_len(nrow(frame)), function(at) I(unname(vapply(cells, function(column) column[at], ""))))
}

types <- list()
counts <- list()
answers <- list()
for (line in readLines(arguments[2], encoding = "UTF-8")) {
  kind <- sub(" .*", "", line)
  what <- sub("^[a-z]+ ", "", line)
  if (kind == "describe") {
    frame <- DBI::dbGetQuery(db, paste("SELECT * FROM", what))
    types <- c(types, lapply(names(frame), function(name) c(what, name, class(frame[[name]])[1])))
  } else if (kind == "count") {
    counts <- c(counts, list(list(what, DBI::dbGetQuery(db, paste("SELECT count(*) FROM", what))[1, 1])))
  } else {
    answers <- c(answers, list(ask(what)))
  }
}
seen <- list(types = types, keys = list(), counts = counts, answers = answers, total = NULL)
cat(jsonlite::toJSON(seen, auto_unbox = TRUE, null = "null", na = "null"))
