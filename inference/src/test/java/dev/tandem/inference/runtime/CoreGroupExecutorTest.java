package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoreGroupExecutorTest {
    private static final CoreGroupSpec UNPINNED = new CoreGroupSpec("test", List.of(), 1, false);

    @Test
    void runsTasksInOrderOnItsOneNamedThread() {
        try (CoreGroupExecutor executor = new CoreGroupExecutor(UNPINNED)) {
            CompletableFuture<Thread> first = executor.submit(Thread::currentThread);
            CompletableFuture<Thread> second = executor.submit(Thread::currentThread);

            assertThat(first.join()).isSameAs(second.join()).returns(true, Thread::isDaemon);
            assertThat(first.join().getName()).isEqualTo("group-test");
            assertThat(executor.pinning()).isEqualTo(new PinOutcome.NotRequested());
        }
    }

    @Test
    void pinsItsThread() throws IOException {
        int cpu = lastAllowedCpu();
        try (CoreGroupExecutor executor = new CoreGroupExecutor(new CoreGroupSpec("test", List.of(cpu), 1, true))) {
            assertThat(executor.pinning()).isEqualTo(new PinOutcome.Pinned(List.of(cpu)));
            assertThat(executor.submit(ProcessStatus::cpusOfCaller).join()).containsExactly(cpu);
        }
    }

    @Test
    void refusesAGroupThatItsThreadCannotJoinRatherThanWait(@TempDir Path folder) {
        Path gone = folder.resolve("gone");
        CoreGroupSpec limited = new CoreGroupSpec("test", List.of(), 1, false, List.of(gone));

        assertThatThrownBy(() -> new CoreGroupExecutor(limited))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("control group " + gone);
    }

    @Test
    void yieldsToOtherThreads() throws IOException {
        assumeTrue(ProcessStatus.isReadable(), "needs Linux's /proc");
        int own = ProcessStatus.nicenessOfCaller();
        try (CoreGroupExecutor executor = new CoreGroupExecutor(UNPINNED)) {
            assertThat(executor.submit(ProcessStatus::nicenessOfCaller).join()).isGreaterThan(own);
            assertThat(ProcessStatus.nicenessOfCaller()).isEqualTo(own);
        }
    }

    @Test
    void goesOnUnpinnedWhenNoCpuExists() {
        try (CoreGroupExecutor executor = new CoreGroupExecutor(new CoreGroupSpec("test", List.of(900), 1, true))) {
            assertThat(executor.pinning())
                    .isInstanceOfSatisfying(PinOutcome.Refused.class, refused -> assertThat(refused.requested())
                            .containsExactly(900));
            assertThat(executor.submit(() -> 7).join()).isEqualTo(7);
        }
    }

    @Test
    void pinsToTheCpusThatExist() throws IOException {
        int cpu = lastAllowedCpu();
        CoreGroupSpec spec = new CoreGroupSpec("test", List.of(cpu, 900), 2, true);
        try (CoreGroupExecutor executor = new CoreGroupExecutor(spec)) {
            assertThat(executor.pinning()).isEqualTo(new PinOutcome.PartlyPinned(List.of(cpu), List.of(900)));
        }
    }

    @Test
    void pinsThreadsOfTheRuntime(@TempDir Path folder) throws IOException {
        List<Integer> allowed = CpuTopology.allowedCpus();
        assumeTrue(allowed.size() > 1, "needs two CPUs");
        int cpu = lastAllowedCpu();
        Path model = SmallModels.convRelu(folder);
        // More threads than CPUs: only so can CPUs that no other thread is held to be told in a small machine.
        SessionSettings settings = SessionSettings.defaults().withThreads(1, List.of(cpu), true);
        long before = heldTo(cpu);
        String entry = NativeOptions.affinities(List.of(cpu), 4);
        SessionSettings four =
                settings.withThreads(4).withConfigEntries(Map.of("session.intra_op_thread_affinities", entry));

        ModelSession session = ModelSession.open(model, four);

        awaitHeldTo(cpu, before + 3);
        session.close();
        assertThat(heldTo(cpu)).isEqualTo(before);
    }

    /** The runtime's threads pin themselves once they run, which opening a session does not wait for. */
    private static void awaitHeldTo(int cpu, long threads) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (heldTo(cpu) != threads && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(heldTo(cpu)).isEqualTo(threads);
    }

    @Test
    void namesThreadsOfTheRuntimeAfterTheGroup(@TempDir Path folder) throws IOException {
        assumeTrue(ProcessStatus.isReadable(), "needs Linux's /proc");
        Path model = SmallModels.convRelu(folder);
        CoreGroupSpec spec = new CoreGroupSpec("named", List.of(), 3, false);
        try (CoreGroupExecutor executor = new CoreGroupExecutor(spec)) {
            ModelSession session = executor.submit(() -> ModelSession.open(model, SessionSettings.of(spec)))
                    .join();

            assertThat(ProcessStatus.namesOfThreads())
                    .filteredOn("group-named"::equals)
                    .hasSize(3);
            session.close();
        }
    }

    @Test
    void joinsItsControlGroups(@TempDir Path folder) throws IOException {
        Path first =
                Files.createFile(Files.createDirectory(folder.resolve("v1")).resolve("tasks"));
        Path second =
                Files.createFile(Files.createDirectory(folder.resolve("v2")).resolve("cgroup.threads"));
        List<Path> groups = List.of(folder.resolve("v1"), folder.resolve("v2"));
        try (CoreGroupExecutor executor =
                new CoreGroupExecutor(new CoreGroupSpec("test", List.of(), 1, false, groups))) {
            assertThat(executor.pinning()).isEqualTo(new PinOutcome.NotRequested());
            assertThat(first).hasContent("0");
            assertThat(second).hasContent("0");
        }
    }

    @Test
    void saysWhichControlGroupIsMissing(@TempDir Path folder) {
        CoreGroupSpec spec = new CoreGroupSpec("test", List.of(), 1, false, List.of(folder.resolve("absent")));

        assertThat(ControlGroups.problem(spec)).hasValueSatisfying(problem -> assertThat(problem)
                .contains("control group " + folder.resolve("absent"))
                .contains("'tasks' or 'cgroup.threads'"));
        assertThatThrownBy(() -> ControlGroups.join(spec))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Maybe make the control group first");
    }

    private static long heldTo(int cpu) throws IOException {
        return ProcessStatus.cpusOfThreads().stream()
                .filter(cpus -> cpus.equals(List.of(cpu)))
                .count();
    }

    @Test
    void handsOnWhatATaskThrows() {
        try (CoreGroupExecutor executor = new CoreGroupExecutor(UNPINNED)) {
            assertThat(executor.submit(() -> {
                        throw new IOException("on purpose");
                    }))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withMessageContaining("on purpose");
            assertThat(executor.submit(() -> 7).join()).isEqualTo(7);
        }
    }

    @Test
    void finishesQueuedTasksOnCloseAndRefusesLaterOnes() {
        CoreGroupExecutor executor = new CoreGroupExecutor(UNPINNED);
        CompletableFuture<Integer> queued = executor.submit(() -> 7);

        executor.close();

        assertThat(queued).isCompletedWithValue(7);
        assertThatThrownBy(() -> executor.submit(() -> 8))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("core group test is closed and takes no more tasks.");
    }

    @Test
    void cancelsWhatHasNotBegunByTheDeadline() throws InterruptedException {
        CoreGroupExecutor executor = new CoreGroupExecutor(UNPINNED);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        executor.execute(() -> {
            begun.countDown();
            awaitUninterrupted(release);
        });
        CompletableFuture<Integer> queued = executor.submit(() -> 7);
        begun.await();

        boolean ended = executor.close(Duration.ofMillis(10));

        assertThat(ended).isFalse();
        assertThatThrownBy(queued::join).isInstanceOf(CancellationException.class);
        release.countDown();
        assertThat(executor.close(Duration.ofSeconds(30))).isTrue();
    }

    /** As native code does, which does not see interrupts. */
    private static void awaitUninterrupted(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void refusesToBeClosedOnItsOwnThread() {
        try (CoreGroupExecutor executor = new CoreGroupExecutor(UNPINNED)) {
            assertThat(executor.submit(() -> executor.close(Duration.ofSeconds(1))))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(IllegalStateException.class)
                    .withMessageContaining("own thread");
        }
    }

    @Test
    void refusesMoreThreadsThanCpusAndSenselessValues() {
        assertThatThrownBy(() -> new CoreGroupSpec("test", List.of(0), 2, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threads (2)");
        assertThatThrownBy(() -> new CoreGroupSpec("test", List.of(0, 0), 1, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("different");
        assertThatThrownBy(() -> new CoreGroupSpec("test", List.of(0), 0, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threads (0)");
        assertThatThrownBy(() -> new CoreGroupSpec(" ", List.of(0), 1, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blank");
    }

    private static int lastAllowedCpu() {
        List<Integer> allowed = CpuTopology.allowedCpus();
        assumeTrue(!allowed.isEmpty(), "needs Linux's /proc");
        return allowed.get(allowed.size() - 1);
    }
}
