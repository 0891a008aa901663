package dev.tandem.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The settings of a running member, which can be read again. Thread-safe; listeners are called one after the other. */
public final class LiveSettings {

    private final SettingsSource source;
    private final List<Consumer<TandemSettings>> listeners = new CopyOnWriteArrayList<>();
    private volatile TandemSettings current;

    public LiveSettings(LoadedSettings loaded) {
        this.source = loaded.source();
        this.current = loaded.settings();
    }

    /**
     * Settings that were read again and passed every check; not in force yet.
     *
     * @param diff against those in force, keys that need a restart included
     */
    public record Candidate(TandemSettings settings, SettingsDiff diff) {}

    /** In force now; what needs a restart is as it was at the start. */
    public TandemSettings current() {
        return current;
    }

    public SettingsSource source() {
        return source;
    }

    /**
     * Reads everything again; changes nothing.
     *
     * @throws SettingsException with all that is wrong
     */
    public Candidate read() {
        TandemSettings read =
                SettingsLoader.load(source.file(), source.overrides()).settings();
        return new Candidate(read, SettingsDiff.between(current, read));
    }

    /** Takes over what can be without a restart, and tells the listeners. */
    public synchronized void adopt(Candidate candidate) {
        TandemSettings next = current.reloaded(candidate.settings());
        if (!next.equals(current)) {
            current = next;
            listeners.forEach(listener -> listener.accept(next));
        }
    }

    /** Has all later changes told, with all settings that are in force then. */
    public void onChange(Consumer<TandemSettings> listener) {
        listeners.add(listener);
    }
}
