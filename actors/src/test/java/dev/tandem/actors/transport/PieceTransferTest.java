package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.transport.PieceFetcher.Cancel;
import dev.tandem.actors.transport.PieceFetcher.Fetch;
import dev.tandem.actors.transport.PieceFetcher.FetchFailed;
import dev.tandem.actors.transport.PieceFetcher.Fetched;
import dev.tandem.actors.transport.PieceFetcher.Report;
import dev.tandem.actors.transport.PieceFetcher.Settings;
import dev.tandem.actors.transport.PieceSource.FetchChunk;
import java.io.NotSerializableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PieceTransferTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Settings SMALL = new Settings(100, 3, Duration.ofMillis(100), 2);

    private final TestNodes nodes = new TestNodes();
    private final ActorTestKit here = nodes.start("tandem");
    private final TestProbe<Report> reports = here.createTestProbe("reports");
    private Path directory;
    private PieceStore store;
    private PieceStore origin;

    @BeforeEach
    void openStores(@TempDir Path directory) {
        this.directory = directory;
        store = new PieceStore(directory.resolve("here"));
        origin = new PieceStore(directory.resolve("origin"));
    }

    @AfterEach
    void stopNodes() {
        nodes.close();
    }

    private TestWeights held(long seed, int length) {
        TestWeights weights = new TestWeights(seed, length);
        weights.writeTo(directory.resolve("origin"));
        return weights;
    }

    private Report nextReport() {
        return reports.receiveMessage(LONG);
    }

    @Test
    void fetchesPiecesFromAnotherNode() throws Exception {
        TestWeights large = held(1, 5_000_000);
        TestWeights small = held(2, 10);
        TestWeights empty = held(3, 0);
        ActorTestKit there = nodes.start("tandem");
        ActorRef<PieceSource.Command> source =
                TestNodes.spawnUnderAgent(there, "piece-source", PieceSource.create(origin), here);
        ActorRef<PieceFetcher.Command> fetcher =
                TestNodes.spawnUnderAgent(here, "pieces", PieceFetcher.create(store, Settings.DEFAULT));

        fetcher.tell(new Fetch(7, List.of(large.ref(), empty.ref(), small.ref()), source, reports.ref()));

        assertThat(nextReport()).isEqualTo(new Fetched(7));
        assertThat(Files.readAllBytes(store.path(large.ref().sha()))).isEqualTo(large.bytes());
        assertThat(Files.readAllBytes(store.path(small.ref().sha()))).isEqualTo(small.bytes());
        assertThat(store.has(empty.ref().sha(), 0)).isTrue();
    }

    @Test
    void goesOnAfterAPieceThatSomebodyElseHasWritten() {
        TestWeights first = held(1, 50);
        TestWeights second = held(2, 50);
        TestProbe<PieceSource.Command> source = here.createTestProbe("source");
        ActorRef<PieceFetcher.Command> fetcher = spawnFetcher();
        fetcher.tell(new Fetch(1, List.of(first.ref()), source.ref(), reports.ref()));
        FetchChunk asked = source.expectMessageClass(FetchChunk.class);
        store.append(first.ref().sha(), 0, first.bytes(0, 20));

        asked.replyTo().tell(new Chunk(asked.sha(), 0, first.bytes(), 50));

        assertThat(nextReport())
                .isInstanceOfSatisfying(PieceFetcher.FetchFailed.class, failed -> assertThat(failed.reason())
                        .contains("must be the number of bytes already there (20)"));
        fetcher.tell(new Fetch(2, List.of(second.ref()), source.ref(), reports.ref()));
        FetchChunk next = source.expectMessageClass(FetchChunk.class);
        next.replyTo().tell(new Chunk(next.sha(), 0, second.bytes(), 50));
        assertThat(nextReport()).isEqualTo(new Fetched(2));
    }

    @Test
    void fetchesOnlyWhatIsMissing() {
        TestWeights here = held(1, 500);
        here.writeTo(directory.resolve("here"));
        TestWeights partly = held(2, 500);
        store.append(partly.ref().sha(), 0, partly.bytes(0, 350));
        TestProbe<PieceSource.Command> source = this.here.createTestProbe("source");

        spawnFetcher().tell(new Fetch(1, List.of(here.ref(), partly.ref()), source.ref(), reports.ref()));
        FetchChunk first = source.expectMessageClass(FetchChunk.class);
        FetchChunk second = source.expectMessageClass(FetchChunk.class);
        first.replyTo().tell(new Chunk(first.sha(), 350, partly.bytes(350, 450), 500));
        second.replyTo().tell(new Chunk(first.sha(), 450, partly.bytes(450, 500), 500));

        assertThat(first).isEqualTo(new FetchChunk(0, partly.ref().sha(), 350, 100, first.replyTo()));
        assertThat(second.offset()).isEqualTo(450);
        assertThat(nextReport()).isEqualTo(new Fetched(1));
    }

    @Test
    void asksAgainForChunksThatWereLost() {
        TestWeights weights = held(1, 300);
        TestProbe<PieceSource.Command> source = here.createTestProbe("source");

        spawnFetcher().tell(new Fetch(1, List.of(weights.ref()), source.ref(), reports.ref()));
        FetchChunk request = source.expectMessageClass(FetchChunk.class);
        // The first chunk is lost, so the second cannot be used.
        request.replyTo().tell(new Chunk(request.sha(), 100, weights.bytes(100, 200), 300));
        source.receiveSeveralMessages(2);
        for (int offset = 0; offset < 300; offset += 100) {
            FetchChunk again = source.expectMessageClass(FetchChunk.class);
            assertThat(again.offset()).isEqualTo(offset);
            again.replyTo().tell(new Chunk(again.sha(), offset, weights.bytes(offset, offset + 100), 300));
        }

        assertThat(nextReport()).isEqualTo(new Fetched(1));
    }

    @Test
    void takesShorterChunksThanItAskedFor() {
        TestWeights weights = held(1, 250);
        TestProbe<PieceSource.Command> source = here.createTestProbe("source");
        ActorRef<PieceFetcher.Command> fetcher = spawnFetcher();

        fetcher.tell(new Fetch(1, List.of(weights.ref()), source.ref(), reports.ref()));
        for (int offset = 0; offset < 250; offset += 50) {
            fetcher.tell(new Chunk(weights.ref().sha(), offset, weights.bytes(offset, offset + 50), 250));
        }

        assertThat(nextReport()).isEqualTo(new Fetched(1));
    }

    @Test
    void failsWhenTheSourceStaysSilent() {
        TestWeights weights = held(1, 300);
        TestProbe<PieceSource.Command> source = here.createTestProbe("source");

        spawnFetcher().tell(new Fetch(4, List.of(weights.ref()), source.ref(), reports.ref()));

        assertThat(nextReport()).isInstanceOfSatisfying(FetchFailed.class, failed -> assertThat(failed.reason())
                .contains(weights.ref().sha(), "silent", "3 times"));
    }

    @Test
    void failsWhenTheSourceLacksAPiece() {
        TestWeights unknown = new TestWeights(9, 300);
        ActorRef<PieceSource.Command> source = here.spawn(PieceSource.create(origin));
        ActorRef<PieceFetcher.Command> fetcher = spawnFetcher();

        fetcher.tell(new Fetch(4, List.of(unknown.ref()), source, reports.ref()));
        fetcher.tell(new Fetch(5, List.of(held(1, 30).ref()), source, reports.ref()));

        assertThat(nextReport()).isInstanceOfSatisfying(FetchFailed.class, failed -> assertThat(failed.reason())
                .contains(unknown.ref().sha(), "does not hold it"));
        assertThat(nextReport()).isEqualTo(new Fetched(5));
    }

    @Test
    void goesOnWithTheNextJobWhenSourcesOfTheLastOneSayNoAgain() {
        TestWeights weights = held(1, 300);
        TestProbe<PieceSource.Command> without = here.createTestProbe("without");
        TestProbe<PieceSource.Command> with = here.createTestProbe("with");
        ActorRef<PieceFetcher.Command> fetcher = spawnFetcher();
        fetcher.tell(new Fetch(4, List.of(weights.ref()), without.ref(), reports.ref()));
        fetcher.tell(new Fetch(5, List.of(weights.ref()), with.ref(), reports.ref()));

        for (int chunk = 0; chunk < 3; chunk++) {
            FetchChunk asked = without.expectMessageClass(FetchChunk.class);
            asked.replyTo().tell(new NoSuchPiece(asked.job(), asked.sha(), "gone"));
        }
        fetcher.tell(new Chunk(weights.ref().sha(), 0, weights.bytes(), 300));

        assertThat(nextReport()).isInstanceOf(FetchFailed.class);
        assertThat(nextReport()).isEqualTo(new Fetched(5));
    }

    @Test
    void fetchesPieceAgainWhenItsBeginningWasCorrupt() {
        TestWeights weights = held(1, 300);
        store.append(weights.ref().sha(), 0, new byte[120]);

        spawnFetcher()
                .tell(new Fetch(1, List.of(weights.ref()), here.spawn(PieceSource.create(origin)), reports.ref()));

        assertThat(nextReport()).isEqualTo(new Fetched(1));
        assertThat(store.has(weights.ref().sha(), 300)).isTrue();
    }

    @Test
    void failsWhenThePieceStaysCorrupt() throws Exception {
        TestWeights weights = held(1, 300);
        Files.write(origin.path(weights.ref().sha()), new byte[300]);

        spawnFetcher()
                .tell(new Fetch(1, List.of(weights.ref()), here.spawn(PieceSource.create(origin)), reports.ref()));

        assertThat(nextReport()).isInstanceOfSatisfying(FetchFailed.class, failed -> assertThat(failed.reason())
                .contains("arrived as"));
        assertThat(store.has(weights.ref().sha(), 300)).isFalse();
    }

    @Test
    void goesOnWithTheNextJobWhenOneIsCancelled() {
        TestWeights weights = held(1, 300);
        TestProbe<PieceSource.Command> silent = here.createTestProbe("silent");
        ActorRef<PieceFetcher.Command> fetcher = spawnFetcher();

        fetcher.tell(new Fetch(1, List.of(weights.ref()), silent.ref(), reports.ref()));
        fetcher.tell(new Cancel(1));
        fetcher.tell(new Fetch(2, List.of(weights.ref()), here.spawn(PieceSource.create(origin)), reports.ref()));

        assertThat(nextReport()).isEqualTo(new Fetched(2));
    }

    @Test
    void refusesRequestOutsideOfThePiece() {
        TestWeights weights = held(1, 300);
        TestProbe<ChunkReply> reply = here.createTestProbe("reply");
        ActorRef<PieceSource.Command> source = here.spawn(PieceSource.create(origin));

        source.tell(new FetchChunk(3, weights.ref().sha(), 300, 100, reply.ref()));
        source.tell(new FetchChunk(4, "../secret", 0, 100, reply.ref()));

        NoSuchPiece outside = reply.expectMessageClass(NoSuchPiece.class);
        assertThat(outside.job()).isEqualTo(3);
        assertThat(outside.reason()).contains("300");
        assertThat(reply.expectMessageClass(NoSuchPiece.class).reason()).contains("SHA-256");
    }

    @Test
    void refusesChunkWithUnknownManifestOrTooShort() {
        ChunkSerializer serializer = new ChunkSerializer();

        assertThatThrownBy(() -> serializer.fromBinary(new byte[48], "c2"))
                .isInstanceOf(NotSerializableException.class);
        assertThatThrownBy(() -> serializer.fromBinary(new byte[47], "c1"))
                .isInstanceOf(NotSerializableException.class);
        assertThatThrownBy(() -> serializer.fromBinary(new byte[49], "c1"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("must lie within");
    }

    private ActorRef<PieceFetcher.Command> spawnFetcher() {
        return here.spawn(PieceFetcher.create(store, SMALL), DispatcherSelector.blocking());
    }
}
