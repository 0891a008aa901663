package dev.tandem.actors.transport;

import dev.tandem.actors.transport.PieceFetcher.Settings;
import java.util.ArrayList;
import java.util.List;

/** How far the download of one piece is, and what to ask for next. Threading: one thread at a time. */
final class PieceDownload {

    private final PieceStore store;
    private final PieceRef piece;
    private final Settings settings;
    private long received;
    private long requested;

    /** Goes on where an earlier download of the piece stopped. */
    PieceDownload(PieceStore store, PieceRef piece, Settings settings) {
        this.store = store;
        this.piece = piece;
        this.settings = settings;
        received = store.resumeOffset(piece.sha());
        if (received > piece.bytes()) {
            store.discard(piece.sha());
            received = 0;
        }
        requested = received;
    }

    PieceRef piece() {
        return piece;
    }

    long receivedBytes() {
        return received;
    }

    boolean isDone() {
        return received == piece.bytes();
    }

    /** Offsets of the chunks that should be asked for now; they count as asked for. */
    List<Long> dueOffsets() {
        List<Long> due = new ArrayList<>();
        long bound = Math.min(piece.bytes(), received + (long) settings.chunksInFlight() * settings.chunkBytes());
        while (requested < bound) {
            due.add(requested);
            requested = Math.min(piece.bytes(), requested + settings.chunkBytes());
        }
        return due;
    }

    /** Stores the chunk if it is the next one; one that follows a lost one is dropped and asked for again. */
    boolean accept(Chunk chunk) {
        if (!chunk.sha().equals(piece.sha()) || chunk.offset() != received || chunk.bytes().length == 0) {
            return false;
        }
        store.append(piece.sha(), received, chunk.bytes());
        received += chunk.bytes().length;
        // A source may send less than it was asked for.
        requested = chunk.bytes().length < settings.chunkBytes() ? received : Math.max(requested, received);
        return true;
    }

    /** Forgets what was asked for and did not come. */
    void askAgain() {
        requested = received;
    }
}
