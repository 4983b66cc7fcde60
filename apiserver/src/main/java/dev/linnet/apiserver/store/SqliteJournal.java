package dev.linnet.apiserver.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Changes in one append-only SQLite table. A group of changes is one transaction and one sync; changes that are both
 * obsolete and older than the last {@code retained} versions are deleted along the way.
 */
public final class SqliteJournal implements Journal {
    private static final int SCHEMA = 1;
    private static final int COMPACTION_STEP = 1_024;

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement delete;
    private final long retained;

    private long newest;
    private long compacted;
    /** Rows to delete once history no longer reaches back to them; oldest first. */
    private final Queue<Obsolete> obsolete = new ArrayDeque<>();

    /**
     * @param row   version of a row that nobody needs
     * @param since version that made it obsolete; a reader of an older moment still needs the row
     */
    private record Obsolete(long row, long since) {}

    private SqliteJournal(Connection connection, long retained) throws SQLException {
        this.connection = connection;
        this.retained = retained;
        createTables();
        this.insert = connection.prepareStatement("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)");
        this.delete = connection.prepareStatement("DELETE FROM changes WHERE version = ?");
        connection.setAutoCommit(false);
    }

    /**
     * @param file     made when absent
     * @param retained how many of the last versions stay readable after a restart
     */
    public static SqliteJournal open(Path file, long retained) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        try {
            return new SqliteJournal(source.getConnection(), retained);
        } catch (SQLException e) {
            throw new JournalFailure("cannot open " + file, e);
        }
    }

    private void createTables() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long schema = single(statement, "PRAGMA user_version");
            if (schema > SCHEMA) {
                throw new SQLException("written by a newer release (format " + schema + ", expected: " + SCHEMA + ")");
            }
            statement.executeUpdate("CREATE TABLE IF NOT EXISTS changes(version INTEGER PRIMARY KEY, "
                    + "resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, "
                    + "removed INTEGER NOT NULL, json BLOB NOT NULL)");
            statement.executeUpdate("CREATE TABLE IF NOT EXISTS compaction(version INTEGER NOT NULL)");
            if (schema == 0) {
                statement.executeUpdate("INSERT INTO compaction VALUES (0)");
                statement.executeUpdate("PRAGMA user_version = " + SCHEMA);
            }
            compacted = single(statement, "SELECT version FROM compaction");
        }
    }

    private static long single(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    @Override
    public long historyStart() {
        return compacted;
    }

    @Override
    public void replay(Consumer<Entry> reader) {
        Map<ObjectKey, Long> current = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM changes ORDER BY version")) {
            while (rows.next()) {
                reader.accept(entry(rows, current));
            }
        } catch (SQLException e) {
            throw new JournalFailure("cannot read stored objects", e);
        }
    }

    private Entry entry(ResultSet row, Map<ObjectKey, Long> current) throws SQLException {
        ObjectKey key = new ObjectKey(row.getString(2), row.getString(3), row.getString(4));
        StoredObject object = new StoredObject(key, row.getLong(1), row.getBytes(6));
        boolean removed = row.getBoolean(5);
        Long before = removed ? current.remove(key) : current.put(key, object.version());
        Entry entry = new Entry(object, removed, before == null ? 0 : before);
        noteObsolete(entry);
        return entry;
    }

    @Override
    public void append(List<Entry> entries) {
        try {
            for (Entry entry : entries) {
                insert(entry);
            }
            insert.executeBatch();
            connection.commit();
            entries.forEach(this::noteObsolete);
        } catch (SQLException e) {
            undo(e);
            throw new JournalFailure("cannot store: " + e.getMessage(), e);
        }
    }

    private void insert(Entry entry) throws SQLException {
        StoredObject object = entry.object();
        insert.setLong(1, object.version());
        insert.setString(2, object.key().resource());
        insert.setString(3, object.key().namespace());
        insert.setString(4, object.key().name());
        insert.setBoolean(5, entry.removed());
        insert.setBytes(6, object.json());
        insert.addBatch();
    }

    private void undo(SQLException cause) {
        try {
            insert.clearBatch();
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void noteObsolete(Entry entry) {
        long version = entry.object().version();
        newest = version;
        if (entry.replaces() > 0) {
            obsolete.add(new Obsolete(entry.replaces(), version));
        }
        if (entry.removed()) {
            obsolete.add(new Obsolete(version, version));
        }
    }

    @Override
    public void tidy() {
        long upTo = newest - retained;
        if (upTo < compacted + COMPACTION_STEP) {
            return;
        }
        try {
            compact(upTo);
        } catch (SQLException e) {
            throw new JournalFailure("cannot compact: " + e.getMessage(), e);
        }
    }

    private void compact(long upTo) throws SQLException {
        for (Obsolete next = obsolete.peek(); next != null && next.since() <= upTo; next = obsolete.peek()) {
            delete.setLong(1, obsolete.remove().row());
            delete.addBatch();
        }
        delete.executeBatch();
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE compaction SET version = " + upTo);
        }
        connection.commit();
        compacted = upTo;
    }

    @Override
    public void close() {
        try {
            connection.rollback();
            connection.close();
        } catch (SQLException e) {
            throw new JournalFailure("cannot close", e);
        }
    }
}
