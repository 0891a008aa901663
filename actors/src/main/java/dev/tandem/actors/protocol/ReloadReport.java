package dev.tandem.actors.protocol;

import dev.tandem.config.SettingsChange;
import java.util.List;

/**
 * What became of a reload: all of it is in force, or nothing has changed.
 *
 * @param members whose files were read, by name
 * @param epochs that were put in place for it
 * @param reasons why it is refused, all of them; empty when it is in force
 * @param notes what the user should know besides
 */
public record ReloadReport(List<MemberReload> members, List<Replanned> epochs, List<String> reasons, List<String> notes)
        implements ControlMessage {

    public ReloadReport {
        members = List.copyOf(members);
        epochs = List.copyOf(epochs);
        reasons = List.copyOf(reasons);
        notes = List.copyOf(notes);
    }

    public boolean isRefused() {
        return !reasons.isEmpty();
    }

    /**
     * A member whose file was read.
     *
     * @param file empty when it has none
     * @param hasSupervisor whether its keys for the cluster count now
     * @param changes between what is in force and what the file says, those that need a restart included
     */
    public record MemberReload(String member, String file, boolean hasSupervisor, List<SettingsChange> changes) {
        public MemberReload {
            changes = List.copyOf(changes);
        }
    }

    /** A plan that was put in place because the settings have changed. */
    public record Replanned(String model, String gateway, long epoch) {}
}
