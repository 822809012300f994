package org.corestack.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.PagedQuery;
import org.corestack.sql.SqlPart;
import org.corestack.store.StoreClient;
import org.corestack.testkit.PlanReader;
import org.sqlite.SQLiteDataSource;

/** Asks SQLite how it would read. */
final class Plans implements PlanReader {
    /** What a list asks for first. */
    static SqlPart first(CollectionName name, Filter filter, FindOptions options) {
        return query(name, filter, options).first(10);
    }

    static PagedQuery query(CollectionName name, Filter filter, FindOptions options) {
        return new PagedQuery(new SqliteDialect(new JsonCodec()), name.quotedTable(), filter, options);
    }

    static String of(DataSource source, SqlPart part) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + part.text())) {
            for (int i = 0; i < part.parameters().size(); i++) {
                statement.setObject(i + 1, part.parameters().get(i));
            }
            List<String> steps = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    steps.add(row.getString("detail"));
                }
            }
            return String.join("\n", steps);
        }
    }

    @Override
    public Plan explain(StoreClient client, String store, String collection, Filter filter, FindOptions options) {
        try {
            CollectionName name = new CollectionName(store, collection);
            String plan = of(client.unwrap(SQLiteDataSource.class), first(name, filter, options));
            boolean scans = plan.contains("SCAN " + name.table());
            boolean sorts = plan.contains("TEMP B-TREE") && !plan.contains("TEMP B-TREE FOR LAST TERM");
            return new Plan(plan.contains("SEARCH " + name.table()) && !scans, !sorts, plan);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
