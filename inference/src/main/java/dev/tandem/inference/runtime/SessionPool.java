package dev.tandem.inference.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of a process by what they compute and on which core group: who asks for one that is open already shares it, and needs
 * neither the time nor the memory of another one. A session is closed with its last lease. Thread-safe.
 */
public final class SessionPool {

    /** @param directory beside which its weights lie */
    private record Key(String coreGroup, String digest, Path directory, SessionSettings settings) {}

    /** A session, open or about to be, and by how many it is held. */
    private static final class Shared {
        private int leases;
        private @Nullable ModelSession session;
    }

    private final Map<Key, Shared> shared = new HashMap<>();

    /**
     * A session of the model in a file, on the thread that is to open it. Files of the same bytes in one directory are the same
     * model: what they refer to is named by its content. Core groups share nothing, even with equal settings: a session's own
     * threads stay in the control groups of the thread that opened it.
     *
     * @param coreGroup that runs it
     * @return to be closed by the caller
     * @throws ModelLoadException as {@link ModelSession#open}
     * @throws ProviderException as {@link ModelSession#open}
     */
    public SessionLease lease(String coreGroup, Path model, SessionSettings settings) {
        Key key = new Key(
                coreGroup,
                digest(model),
                Objects.requireNonNull(model.toAbsolutePath().getParent()),
                settings);
        Shared entry;
        synchronized (shared) {
            entry = shared.computeIfAbsent(key, first -> new Shared());
            entry.leases++;
        }
        try {
            // Whoever else wants the same one meanwhile waits for it.
            synchronized (entry) {
                ModelSession known = entry.session;
                ModelSession session = known == null ? ModelSession.open(model, settings) : known;
                entry.session = session;
                return new SessionLease(session, known == null, () -> release(key, entry));
            }
        } catch (RuntimeException | Error e) {
            release(key, entry);
            throw e;
        }
    }

    /** How many sessions are open, or being opened. */
    public int size() {
        synchronized (shared) {
            return shared.size();
        }
    }

    private void release(Key key, Shared entry) {
        synchronized (shared) {
            if (--entry.leases > 0) {
                return;
            }
            shared.remove(key);
        }
        synchronized (entry) {
            if (entry.session != null) {
                entry.session.close();
            }
        }
    }

    private static String digest(Path model) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(Files.readAllBytes(model)));
        } catch (IOException e) {
            throw new ModelLoadException(
                    model, ModelLoadException.Reason.UNREADABLE, "it must be a file that can be read: " + e, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
