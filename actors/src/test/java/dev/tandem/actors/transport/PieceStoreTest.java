package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.transport.PieceStore.CorruptPiece;
import dev.tandem.actors.transport.PieceStore.Stored;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PieceStoreTest {

    private final TestWeights weights = new TestWeights(1, 1000);
    private final PieceRef piece = weights.ref();
    private Path directory;
    private PieceStore store;

    @BeforeEach
    void openStore(@TempDir Path directory) {
        this.directory = directory;
        store = new PieceStore(directory.resolve("pieces"));
    }

    @Test
    void hasPieceOnlyWhenItIsCompleteAndVerified() throws Exception {
        store.append(piece.sha(), 0, weights.bytes(0, 600));
        assertThat(store.has(piece.sha(), 1000)).isFalse();
        assertThat(store.resumeOffset(piece.sha())).isEqualTo(600);

        store.append(piece.sha(), 600, weights.bytes(600, 1000));

        assertThat(store.complete(piece)).isEqualTo(new Stored(store.path(piece.sha())));
        assertThat(store.has(piece.sha(), 1000)).isTrue();
        assertThat(store.has(piece.sha(), 999)).isFalse();
        assertThat(Files.readAllBytes(store.path(piece.sha()))).isEqualTo(weights.bytes());
        assertThat(store.resumeOffset(piece.sha())).isZero();
    }

    @Test
    void goesOnAfterRestart() {
        store.append(piece.sha(), 0, weights.bytes(0, 600));

        PieceStore reopened = new PieceStore(directory.resolve("pieces"));

        assertThat(reopened.resumeOffset(piece.sha())).isEqualTo(600);
    }

    @Test
    void throwsCorruptPieceAway() {
        byte[] changed = weights.bytes();
        changed[500] ^= 1;
        store.append(piece.sha(), 0, changed);

        assertThat(store.complete(piece))
                .isInstanceOfSatisfying(CorruptPiece.class, corrupt -> assertThat(corrupt.message())
                        .contains(piece.sha(), corrupt.foundSha()));
        assertThat(store.has(piece.sha(), 1000)).isFalse();
        assertThat(store.resumeOffset(piece.sha())).isZero();
    }

    @Test
    void throwsTruncatedPieceAway() {
        store.append(piece.sha(), 0, weights.bytes(0, 999));

        assertThat(store.complete(piece))
                .isInstanceOfSatisfying(CorruptPiece.class, corrupt -> assertThat(corrupt.foundBytes())
                        .isEqualTo(999));
    }

    @Test
    void completesEmptyPiece() {
        PieceRef empty = new TestWeights(0, 0).ref();

        assertThat(store.complete(empty)).isInstanceOf(Stored.class);
        assertThat(store.has(empty.sha(), 0)).isTrue();
    }

    @Test
    void rejectsBytesThatDoNotFollowTheLast() {
        store.append(piece.sha(), 0, weights.bytes(0, 600));

        assertThatThrownBy(() -> store.append(piece.sha(), 500, weights.bytes(500, 700)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(500)")
                .hasMessageContaining("(600)");
    }

    @Test
    void rejectsNameThatIsNoSha() {
        assertThatThrownBy(() -> store.path("../../etc/passwd")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PieceRef(piece.sha().toUpperCase(java.util.Locale.ROOT), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void removesWhatIsNotKeptAndNothingElse() throws Exception {
        TestWeights kept = new TestWeights(2, 300);
        store.append(kept.ref().sha(), 0, kept.bytes());
        store.complete(kept.ref());
        store.append(piece.sha(), 0, weights.bytes());
        store.complete(piece);
        String arriving = new TestWeights(3, 50).ref().sha();
        store.append(arriving, 0, new byte[40]);
        Path foreign = Files.createFile(directory.resolve("pieces").resolve("notes.txt"));

        long freed = store.removeUnused(Set.of(kept.ref().sha()));

        assertThat(freed).isEqualTo(1040);
        assertThat(store.has(kept.ref().sha(), 300)).isTrue();
        assertThat(store.has(piece.sha(), 1000)).isFalse();
        assertThat(store.resumeOffset(arriving)).isZero();
        assertThat(foreign).exists();
    }
}
