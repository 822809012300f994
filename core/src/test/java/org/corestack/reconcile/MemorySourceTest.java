package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemorySourceTest extends KeySourceContract<String> {
    private final MemorySource<String> memory = new MemorySource<>();

    @Override
    KeySource<String> source() {
        return memory;
    }

    @Override
    String key(int number) {
        return "key-" + number;
    }

    @Override
    void write(String key) {
        memory.put(key);
    }

    @Override
    void delete(String key) {
        memory.remove(key);
    }

    @Test
    void stampsGapsAndFailuresArePassedOn() {
        List<String> heard = new ArrayList<>();
        memory.subscribe(new KeySink<>() {
            @Override
            public void changed(String key, long stamp) {
                heard.add(key + "@" + stamp);
            }

            @Override
            public void relist() {
                heard.add("relist");
            }

            @Override
            public void failed(Throwable error) {
                heard.add(error.getMessage());
            }
        });
        memory.put("a", 7);
        memory.relist();
        memory.remove("not there");
        memory.fail(new IllegalStateException("cut"));
        memory.put("unheard");
        assertThat(heard).containsExactly("a@7", "relist", "cut");
    }
}
