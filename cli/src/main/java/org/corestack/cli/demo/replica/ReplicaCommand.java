package org.corestack.cli.demo.replica;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.corestack.cli.demo.register.Describer;
import org.corestack.errors.CoreException;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/**
 * One replica of {@code corestack demo}; started by it and of no use by itself. It takes its settings and orders from
 * standard input, and ends at once when that ends: a replica does not outlive the demo, however the demo died.
 */
@Command(name = "demo-replica", hidden = true, description = "A replica of the demo, started by it.")
public final class ReplicaCommand implements Callable<Integer> {
    private static final int REPORT_MILLIS = 100;
    private static final int ORPHANED = 3;

    private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();

    /** A command; picocli creates it. */
    public ReplicaCommand() {}

    /** Works until told to stop. */
    @Override
    public Integer call() throws InterruptedException {
        PrintStream reports = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // whatever a library prints must not get between the reports
        Thread orderReader = new Thread(this::readOrders, "demo-orders");
        orderReader.setDaemon(true);
        orderReader.start();
        ReplicaSettings settings = JsonLines.read(orders.take(), ReplicaSettings.class);
        try (StoreClient client =
                StoreClient.open(settings.store(), ClientOptions.ofDefaults().withSource(settings.name()))) {
            DemoTables tables = DemoTables.open(client);
            Describer describer = new Describer();
            describer.describe("warm");
            tables.characters().find("warm");
            reports.println(JsonLines.write(new ReplicaReport(ReplicaReport.State.READY, 0, false)));
            if (orders.take().equals(JsonLines.GO)) {
                work(tables, describer, settings, reports);
            }
        }
        return 0;
    }

    private void work(DemoTables tables, Describer describer, ReplicaSettings settings, PrintStream reports)
            throws InterruptedException {
        try (Replica replica = Replica.start(tables, describer, settings)) {
            @Nullable ReplicaReport said = null;
            while (orders.poll(REPORT_MILLIS, TimeUnit.MILLISECONDS) == null) {
                replica.throwIfHopeless();
                ReplicaReport report =
                        new ReplicaReport(ReplicaReport.State.WORKING, replica.collisions(), replica.isIdle());
                if (!report.equals(said)) {
                    reports.println(JsonLines.write(report));
                    said = report;
                }
            }
            replica.close();
            reports.println(
                    JsonLines.write(new ReplicaReport(ReplicaReport.State.FINISHED, replica.collisions(), true)));
        }
    }

    private void readOrders() {
        @Nullable String settings = null;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                settings = settings == null ? line : settings;
                orders.add(line);
            }
        } catch (IOException e) {
            System.err.println("can't read orders any more: " + e.getMessage());
        }
        try {
            if (settings != null) {
                deleteFolder(settings);
            }
        } finally {
            // Not exit(): nothing may hold up the end, and the store is made to bear it.
            Runtime.getRuntime().halt(ORPHANED);
        }
    }

    /** Nobody else will: the demo is dead. */
    private static void deleteFolder(String settings) {
        try {
            DemoFolder.delete(
                    Path.of(JsonLines.read(settings, ReplicaSettings.class).folder()));
        } catch (IOException | CoreException e) {
            System.err.println("the demo's folder could not be deleted: " + e.getMessage());
        }
    }
}
