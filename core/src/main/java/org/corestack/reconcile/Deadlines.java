package org.corestack.reconcile;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The delayed keys by deadline: a heap of four children per node that knows where each key stands, so that a deadline is
 * moved or taken out in O(log n) and leaves nothing behind. There are never more entries than keys.
 *
 * <p>Deadlines are values of a monotonic clock that may overflow, so they are compared by their difference.
 */
final class Deadlines<K> {
    private static final int CHILDREN = 4;

    @SuppressWarnings("unchecked") // The array never leaves this class and holds nothing else.
    private @Nullable Node<K>[] heap = (Node<K>[]) new Node<?>[16];

    private int size;

    int size() {
        return size;
    }

    /** The one that is due first, null if there is none. */
    @Nullable
    Node<K> first() {
        return heap[0];
    }

    /** The node at a place below {@link #size()}, in no order. */
    Node<K> at(int index) {
        Node<K> node = heap[index];
        if (node == null) {
            throw new IllegalStateException("no deadline at " + index + " of " + size);
        }
        return node;
    }

    void add(Node<K> node, long deadline) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        node.deadline = deadline;
        siftUp(node, size++);
    }

    void move(Node<K> node, long deadline) {
        boolean later = deadline - node.deadline > 0;
        node.deadline = deadline;
        if (later) {
            siftDown(node, node.heapIndex);
        } else {
            siftUp(node, node.heapIndex);
        }
    }

    void remove(Node<K> node) {
        int index = node.heapIndex;
        Node<K> last = at(--size);
        heap[size] = null;
        node.heapIndex = -1;
        if (last != node) {
            // The last may belong above or below the place that became free.
            last.heapIndex = index;
            siftDown(last, index);
            siftUp(last, last.heapIndex);
        }
        shrink();
    }

    private void siftUp(Node<K> node, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) / CHILDREN;
            Node<K> above = at(parent);
            if (node.deadline - above.deadline >= 0) {
                break;
            }
            place(above, index);
            index = parent;
        }
        place(node, index);
    }

    private void siftDown(Node<K> node, int from) {
        int index = from;
        int child;
        while ((child = nearestChild(index)) >= 0) {
            Node<K> below = at(child);
            if (node.deadline - below.deadline <= 0) {
                break;
            }
            place(below, index);
            index = child;
        }
        place(node, index);
    }

    private int nearestChild(int index) {
        int from = CHILDREN * index + 1;
        int to = Math.min(from + CHILDREN, size);
        int nearest = -1;
        for (int i = from; i < to; i++) {
            if (nearest < 0 || at(i).deadline - at(nearest).deadline < 0) {
                nearest = i;
            }
        }
        return nearest;
    }

    private void place(Node<K> node, int index) {
        heap[index] = node;
        node.heapIndex = index;
    }

    /** Gives memory back after a burst. */
    private void shrink() {
        if (heap.length > 1024 && size < heap.length / 4) {
            heap = Arrays.copyOf(heap, heap.length / 2);
        }
    }
}
