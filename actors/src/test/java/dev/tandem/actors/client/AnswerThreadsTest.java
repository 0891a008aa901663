package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerThreadsTest {

    private final AnswerThreads threads = new AnswerThreads();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void areNamedAndKeepNoApplicationFromEnding() throws Exception {
        Thread thread =
                CompletableFuture.supplyAsync(Thread::currentThread, threads).get(5, TimeUnit.SECONDS);

        assertThat(thread.getName()).isEqualTo("tandem-answers-1");
        assertThat(thread.isDaemon()).isTrue();
    }

    @Test
    void tellAnAnswerWhileAnotherBlocks() throws Exception {
        CompletableFuture<String> release = new CompletableFuture<>();
        CompletableFuture<String> blocked = CompletableFuture.supplyAsync(release::join, threads);

        CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> "second", threads);

        assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo("second");
        assertThat(blocked).isNotDone();
        release.complete("first");
        assertThat(blocked.get(5, TimeUnit.SECONDS)).isEqualTo("first");
    }

    @Test
    void leaveWhatComesAfterTheEndToWhoBringsIt() throws Exception {
        threads.close();

        CompletableFuture<Thread> late = CompletableFuture.supplyAsync(Thread::currentThread, threads);

        assertThat(late.get(5, TimeUnit.SECONDS)).isSameAs(Thread.currentThread());
    }
}
