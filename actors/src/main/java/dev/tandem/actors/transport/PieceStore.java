package dev.tandem.actors.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Weight pieces in a directory, one file each, named by their SHA-256; what is still arriving ends in {@code .part}.
 *
 * <p>A file without that ending is whole and verified, and never changes. Any number of threads and processes may read;
 * for each piece one thread at a time appends. A failing disk shows as {@link UncheckedIOException}.
 */
public final class PieceStore implements PieceCatalog {

    private static final String PART = ".part";

    private final Path directory;

    /** A store in that directory, which is created when it is missing. */
    public PieceStore(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory, e);
        }
    }

    /** What became of a piece whose bytes have all arrived. */
    public sealed interface Completion {}

    /** The piece is there to be used. */
    public record Stored(Path file) implements Completion {}

    /** The bytes were not those of the piece, and are thrown away. */
    public record CorruptPiece(PieceRef expected, String foundSha, long foundBytes) implements Completion {

        public String message() {
            return "piece " + expected.sha() + " of " + expected.bytes() + " bytes arrived as " + foundSha + " of "
                    + foundBytes + " bytes";
        }
    }

    /** Whether the piece is here, whole. */
    public boolean has(String sha, long bytes) {
        return locate(sha).filter(location -> location.bytes() == bytes).isPresent();
    }

    /** The file that holds the piece, or would hold it. */
    public Path path(String sha) {
        return directory.resolve(PieceRef.checkSha(sha));
    }

    @Override
    public Optional<Location> locate(String sha) {
        Path file = path(sha);
        try {
            return Files.isRegularFile(file) ? Optional.of(new Location(file, 0, Files.size(file))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Bytes of the piece that have arrived so far, where a download goes on. */
    public long resumeOffset(String sha) {
        Path part = part(sha);
        try {
            return Files.exists(part) ? Files.size(part) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + part, e);
        }
    }

    /**
     * Adds bytes to a piece that is arriving.
     *
     * @throws IllegalArgumentException when the offset is not where the last bytes ended
     */
    public void append(String sha, long offset, byte[] bytes) {
        Path part = part(sha);
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            if (channel.size() != offset) {
                throw new IllegalArgumentException("offset (" + offset + ") of bytes for piece " + sha
                        + " must be the number of bytes already there (" + channel.size() + ")");
            }
            ByteBuffer source = ByteBuffer.wrap(bytes);
            while (source.hasRemaining()) {
                channel.write(source);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + part, e);
        }
    }

    /** Verifies the bytes that have arrived and makes them a piece, or throws them away. */
    public Completion complete(PieceRef piece) {
        Path part = part(piece.sha());
        try {
            if (piece.bytes() == 0 && !Files.exists(part)) {
                Files.createFile(part);
            }
            CorruptPiece found = new CorruptPiece(piece, sha(part), Files.size(part));
            if (!found.foundSha().equals(piece.sha()) || found.foundBytes() != piece.bytes()) {
                Files.delete(part);
                return found;
            }
            return new Stored(publish(part, path(piece.sha())));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot complete " + part, e);
        }
    }

    /** Throws away what has arrived of a piece. */
    public void discard(String sha) {
        delete(part(sha));
    }

    /** Deletes all pieces, also those that are arriving, except those to keep; returns the bytes set free. */
    public long removeUnused(Set<String> keep) {
        long freed = 0;
        for (Path file : pieces()) {
            String name = String.valueOf(file.getFileName());
            String sha = name.endsWith(PART) ? name.substring(0, name.length() - PART.length()) : name;
            if (!keep.contains(sha)) {
                freed += delete(file);
            }
        }
        return freed;
    }

    private List<Path> pieces() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches("[0-9a-f]{64}(\\.part)?"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private Path part(String sha) {
        return directory.resolve(PieceRef.checkSha(sha) + PART);
    }

    private static Path publish(Path part, Path file) throws IOException {
        // On disk before it has its name: a power cut must not leave a verified name on an empty file.
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static long delete(Path file) {
        try {
            long bytes = Files.exists(file) ? Files.size(file) : 0;
            Files.deleteIfExists(file);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }

    private static String sha(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[1 << 16];
            while (in.read(buffer) >= 0) {
                // The stream feeds the digest.
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must provide SHA-256", e);
        }
    }
}
