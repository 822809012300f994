package org.corestack.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.stream.Stream;
import org.corestack.reconcile.KeySink;
import org.corestack.reconcile.KeySource;
import org.corestack.reconcile.KeySubscription;
import org.corestack.reconcile.Keys;

/**
 * A source of keys of one's own: the files of a folder, so that a controller can bring something in line with each of
 * them. What a source needs is a list, a subscription, and to say so when it has missed something.
 *
 * @param folder the folder; its sub-folders are not looked into
 */
public record FolderSource(Path folder) implements KeySource<Path> {
    @Override
    public Keys<Path> keys() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Keys.of(files.filter(Files::isRegularFile).toList());
        }
    }

    @Override
    public KeySubscription subscribe(KeySink<Path> sink) throws IOException {
        WatchService watcher = folder.getFileSystem().newWatchService();
        folder.register(
                watcher,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        Thread thread = new Thread(() -> report(watcher, sink), "folder-" + folder.getFileName());
        thread.setDaemon(true);
        thread.start();
        return thread::interrupt;
    }

    private void report(WatchService watcher, KeySink<Path> sink) {
        try (watcher) {
            for (WatchKey key = watcher.take(); ; key = watcher.take()) {
                List<WatchEvent<?>> events = key.pollEvents();
                for (WatchEvent<?> event : events) {
                    if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
                        sink.relist();
                    } else {
                        sink.changed(folder.resolve((Path) event.context()), 0);
                    }
                }
                if (!key.reset()) {
                    sink.failed(new IOException(folder + " is gone"));
                    return;
                }
            }
        } catch (InterruptedException e) {
            // closed: an interrupt of this thread is how its subscription ends
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            sink.failed(e);
        }
    }
}
