package org.corestack.reconcile;

/** One run of a reconcile for one key, as its user code sees it. */
final class Run<K> implements ReconcileContext {
    private final Shell<K> shell;
    private final Node<K> node;
    private final int attempt;
    private final long observed;
    private final Thread thread = Thread.currentThread();

    /** Made by the thread that will do the work, under the shell's lock. */
    Run(Shell<K> shell, Node<K> node) {
        this.shell = shell;
        this.node = node;
        this.attempt = node.failures() + 1;
        this.observed = node.stamp;
    }

    Node<K> node() {
        return node;
    }

    K key() {
        return node.key;
    }

    Thread thread() {
        return thread;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean isCancelled() {
        return shell.isClosing();
    }

    @Override
    public long observed() {
        return observed;
    }

    @Override
    public void wrote(long stamp) {
        shell.wrote(this, stamp);
    }
}
