package org.corestack.cli.demo.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.cli.demo.register.Describer;
import org.corestack.cli.demo.register.LookalikeGroup;
import org.corestack.reconcile.ReconcileContext;
import org.corestack.reconcile.Result;
import org.corestack.store.StoreClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica does when another comes in between, on a real store. */
class ReplicaWorkTest {
    private static final String SKELETON = "0072-006E";
    private static final LookalikeGroup BOTH = new LookalikeGroup(List.of("m", "rn"), List.of("Latin"));

    private final Describer describer = new Describer();
    private final ReconcileContext context = new NoContext();

    @TempDir
    private Path folder;

    private StoreClient client;
    private DemoTables tables;

    @BeforeEach
    void open() {
        client = StoreClient.open("sqlite:" + folder.resolve("work.db"));
        tables = DemoTables.open(client);
        tables.characters().insert("m", new CharacterRecord("m"));
        tables.characters().insert("rn", new CharacterRecord("rn"));
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void recordIsDescribedOnce() {
        DescribeWork work = new DescribeWork(tables, describer, Fault.NONE.in(tables.descriptions(), "m"));
        assertThat(work.reconcile("m", context)).isEqualTo(Result.done());
        long version = tables.descriptions().findEntry("m").orElseThrow().version();
        assertThat(work.reconcile("m", context)).isEqualTo(Result.done());
        assertThat(tables.descriptions().findEntry("m").orElseThrow().version()).isEqualTo(version);
        assertThat(work.collisions()).isZero();
    }

    @Test
    void insertThatComesSecondIsACollisionAndChangesNothing() {
        ResultWriter late = (key, description) -> {
            tables.descriptions().insert(key, describer.describe("another was first"));
            tables.descriptions().insert(key, description);
        };
        DescribeWork work = new DescribeWork(tables, describer, late);
        assertThat(work.reconcile("m", context)).isEqualTo(Result.done());
        assertThat(work.collisions()).isEqualTo(1);
        assertThat(tables.descriptions().get("m")).isEqualTo(describer.describe("another was first"));
    }

    @Test
    void recordThatIsGoneIsNotDescribed() {
        tables.characters().delete("m");
        new DescribeWork(tables, describer, Fault.NONE.in(tables.descriptions(), "m")).reconcile("m", context);
        assertThat(tables.descriptions().find("m")).isEmpty();
    }

    @Test
    void groupHoldsAllMembers() {
        GroupWork work = new GroupWork(tables, group -> group);
        assertThat(work.reconcile(SKELETON, context)).isEqualTo(Result.done());
        assertThat(tables.lookalikes().find(SKELETON)).isEmpty();
        describe("m");
        work.reconcile(SKELETON, context);
        describe("rn");
        work.reconcile(SKELETON, context);
        assertThat(tables.lookalikes().get(SKELETON)).isEqualTo(BOTH);
    }

    @Test
    void groupThatIsWholeIsNotWrittenAgain() {
        describe("m");
        GroupWork work = new GroupWork(tables, group -> group);
        work.reconcile(SKELETON, context);
        long version = tables.lookalikes().findEntry(SKELETON).orElseThrow().version();
        work.reconcile(SKELETON, context);
        assertThat(tables.lookalikes().findEntry(SKELETON).orElseThrow().version())
                .isEqualTo(version);
    }

    @Test
    void groupThatAnotherCreatedMeanwhileIsReadAnew() {
        describe("m");
        assertThat(overtaken().reconcile(SKELETON, context)).isEqualTo(Result.requeue());
        assertThat(tables.lookalikes().get(SKELETON)).as("what the other wrote").isEqualTo(BOTH);
    }

    @Test
    void groupThatAnotherUpdatedMeanwhileIsReadAnew() {
        describe("m");
        tables.lookalikes().insert(SKELETON, new LookalikeGroup(List.of(), List.of()));
        assertThat(overtaken().reconcile(SKELETON, context)).isEqualTo(Result.requeue());
        assertThat(tables.lookalikes().get(SKELETON)).as("what the other wrote").isEqualTo(BOTH);
    }

    /** A worker that is overtaken, between its reading and its writing, by one that has seen a member more. */
    private GroupWork overtaken() {
        return new GroupWork(tables, group -> {
            describe("rn");
            new GroupWork(tables, same -> same).reconcile(SKELETON, context);
            return group;
        });
    }

    private void describe(String text) {
        tables.descriptions().insert(text, describer.describe(text));
    }

    private static final class NoContext implements ReconcileContext {
        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public long observed() {
            return 0;
        }

        @Override
        public void wrote(long stamp) {
            // Nothing comes back here.
        }
    }
}
