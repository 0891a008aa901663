package dev.tandem.actors.settings;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.config.ClusterSettings;
import dev.tandem.config.SettingsChange;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** How a reload goes over the members: first all say what they would take over, then all take it over, or none. */
public final class SettingsMessages {

    /** Under this key the keepers of all members are found. */
    public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "tandem-settings");

    private SettingsMessages() {}

    /** Messages of a keeper. Its own stay in its class. */
    public interface Command {}

    /** Asks to read the settings again and say what would change; nothing does yet. */
    public record Propose(long round, ActorRef<Proposal> replyTo) implements Command, ControlMessage {}

    /**
     * What a member would take over.
     *
     * @param file that was read; empty when the member has none
     * @param isNode whether it may have the supervisor one day
     * @param problems all that is wrong with the settings; then there are no changes
     * @param cluster the cluster's settings as the file has them
     */
    public record Proposal(
            ActorRef<Command> keeper,
            String member,
            boolean isNode,
            String file,
            List<String> problems,
            List<SettingsChange> changes,
            ClusterSettings cluster)
            implements ControlMessage {
        public Proposal {
            problems = List.copyOf(problems);
            changes = List.copyOf(changes);
        }
    }

    /** Has a member take over what it has proposed in that round. */
    public record Adopt(long round, ActorRef<Adopted> replyTo) implements Command, ControlMessage {}

    /** Answer to {@link Adopt}. */
    public record Adopted(ActorRef<Command> keeper) implements ControlMessage {}
}
