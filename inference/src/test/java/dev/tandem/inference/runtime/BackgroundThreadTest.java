package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BackgroundThreadTest {

    @EnabledOnOs(OS.LINUX)
    @Test
    void yieldsToCoreGroups() throws Exception {
        ExecutorService executor = BackgroundThread.executor("in-background");
        try {
            assertThat(executor.submit(BackgroundThreadTest::niceness).get(5, TimeUnit.SECONDS))
                    .isEqualTo(10);
            assertThat(niceness()).isNotEqualTo(10);
        } finally {
            executor.shutdownNow();
        }
    }

    /** Of the calling thread: the 19th field, 17 behind the name in parentheses. */
    private static int niceness() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return new Scanner(stat.substring(stat.lastIndexOf(')') + 1))
                .tokens()
                .skip(16)
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }
}
