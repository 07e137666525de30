// Reads a database over JDBC as read.py does with its clients: java -cp sqlite-jdbc.jar Read.java DATABASE QUESTIONS|edit

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class Read {
    public static void main(String[] arguments) throws Exception {
        // Dates stand in the file as ISO 8601 without a time, which the driver has to be told.
        String url = "jdbc:sqlite:" + arguments[0] + "?date_string_format=yyyy-MM-dd";
        try (Connection connection = DriverManager.getConnection(url)) {
            boolean edits = arguments[1].equals("edit");
            System.out.write(json(edits ? edited(connection) : seen(connection, Path.of(arguments[1]))).getBytes("UTF-8"));
            System.out.flush();
        }
    }

    static Object seen(Connection connection, Path questions) throws Exception {
        List<Object> types = new ArrayList<>(), counts = new ArrayList<>(), answers = new ArrayList<>();
        for (String line : Files.readAllLines(questions)) {
            String[] parts = line.split(" ", 2);
            switch (parts[0]) {
                case "describe" -> types.addAll(columns(connection, parts[1]));
                case "count" -> {
                    String count = rows(connection, "SELECT count(*) FROM " + parts[1]).get(0).get(0);
                    counts.add(List.of(parts[1], Integer.valueOf(count)));
                }
                case "ask" -> answers.add(rows(connection, parts[1]));
                default -> throw new IllegalArgumentException(line);
            }
        }
        BigDecimal total = BigDecimal.ZERO;
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT value_exact FROM flat_facts WHERE value_exact IS NOT NULL")) {
            while (found.next()) total = total.add(found.getBigDecimal(1));
        }
        return sorted("types", types, "keys", keys(connection), "counts", counts, "answers", answers, "total", total.toPlainString());
    }

    static Object edited(Connection connection) throws SQLException {
        String refusal = null;
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE figures SET value_text = '12400.50', comparator = '=' WHERE id = 1");
            statement.executeUpdate("UPDATE figures SET reported = '12400' WHERE id = 1");
        } catch (SQLException error) {
            refusal = error.getMessage();
        }
        Object corrections = rows(connection, "SELECT field, new_value FROM corrections ORDER BY id");
        Object value = rows(connection, "SELECT value_text, value FROM figures WHERE id = 1").get(0);
        return sorted("corrections", corrections, "value", value, "refusal", refusal);
    }

    /** What the catalogue says of a relation's columns, and what an answer does where it says otherwise. */
    static List<Object> columns(Connection connection, String relation) throws SQLException {
        List<Object> types = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT * FROM " + relation);
                ResultSet found = connection.getMetaData().getColumns(null, null, relation, "%")) {
            while (found.next()) {
                String column = found.getString("COLUMN_NAME");
                String type = name(found.getInt("DATA_TYPE"));
                String answered = name(answer.getMetaData().getColumnType(answer.findColumn(column)));
                types.add(List.of(relation, column, type.equals(answered) ? type : type + " / " + answered));
            }
        }
        return types;
    }

    static String name(int type) {
        return JDBCType.valueOf(type).getName();
    }

    static List<Object> keys(Connection connection) throws SQLException {
        DatabaseMetaData metadata = connection.getMetaData();
        List<String> tables = new ArrayList<>();
        try (ResultSet found = metadata.getTables(null, null, "%", new String[] {"TABLE"})) {
            while (found.next()) tables.add(found.getString("TABLE_NAME"));
        }
        List<Object> keys = new ArrayList<>();
        for (String table : tables) {
            Map<Integer, String> primary = new TreeMap<>();
            try (ResultSet found = metadata.getPrimaryKeys(null, null, table)) {
                while (found.next()) primary.put(found.getInt("KEY_SEQ"), found.getString("COLUMN_NAME"));
            }
            keys.add(List.of(table, String.join(", ", primary.values()), "primary key"));
            try (ResultSet found = metadata.getImportedKeys(null, null, table)) {
                while (found.next()) {
                    String target = found.getString("PKTABLE_NAME") + "." + found.getString("PKCOLUMN_NAME");
                    keys.add(List.of(table, found.getString("FKCOLUMN_NAME"), target));
                }
            }
        }
        return keys;
    }

    static List<List<String>> rows(Connection connection, String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            ResultSetMetaData metadata = found.getMetaData();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int at = 1; at <= metadata.getColumnCount(); at++) row.add(cell(found, at, metadata.getColumnType(at)));
                rows.add(row);
            }
        }
        return rows;
    }

    /** A value through the method that a program would call for its type. */
    static String cell(ResultSet found, int at, int type) throws SQLException {
        Object value = switch (type) {
            case Types.DATE -> found.getDate(at);
            case Types.INTEGER, Types.BIGINT, Types.SMALLINT -> found.getLong(at);
            case Types.REAL, Types.FLOAT, Types.DOUBLE, Types.NUMERIC -> found.getDouble(at);
            default -> found.getString(at);
        };
        return found.wasNull() ? null : String.valueOf(value);
    }

    // ------------------------------------------------------------------ JSON

    static Map<String, Object> sorted(Object... pairs) {
        Map<String, Object> map = new TreeMap<>();
        for (int at = 0; at < pairs.length; at += 2) map.put((String) pairs[at], pairs[at + 1]);
        return map;
    }

    static String json(Object value) {
        if (value == null || value instanceof Integer) return String.valueOf(value);
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((name, member) -> members.add(json(name) + ":" + json(member)));
            return "{" + String.join(",", members) + "}";
        }
        if (value instanceof Collection<?> items) return "[" + String.join(",", items.stream().map(Read::json).toList()) + "]";
        StringBuilder out = new StringBuilder("\"");
        for (char c : value.toString().toCharArray()) {
            if (c == '"' || c == '\\' || c < ' ') out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }
}
