package dev.tandem.actors.node;

import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.config.LoadedSettings;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * A member that is there for a question or two. It does not wait until the cluster has let it in, which takes time, and
 * must not, as long as a member that is lost has not been removed. Thread-safe.
 */
public final class VisitingMember {

    private final Member member;

    private VisitingMember(Member member) {
        this.member = member;
    }

    /**
     * Starts, and begins to join the cluster of the configured seeds.
     *
     * @throws MemberStartException when it cannot listen
     */
    public static VisitingMember start(LoadedSettings loaded, String version) {
        Member member = Member.start(loaded, Member.CLIENT_ROLE, version);
        try {
            member.beginToJoin(loaded.settings().network().seeds());
            return new VisitingMember(member);
        } catch (RuntimeException e) {
            member.stop();
            throw e;
        }
    }

    public ActorRef<SupervisorMessages.Command> supervisor() {
        return member.supervisor();
    }

    public ActorSystem<?> system() {
        return member.system();
    }

    /** Whether a seed has answered, so that the members are known. */
    public boolean knowsMembers() {
        return Cluster.get(member.system()).state().getMembers().iterator().hasNext();
    }

    /** Why the cluster refuses this member, if it does; to be asked once it has terminated. */
    public Optional<String> refusal() {
        return member.takeRefusal();
    }

    /** Completes when the member has ended, for whatever reason. */
    public CompletionStage<Void> terminated() {
        return member.terminated();
    }

    /** Leaves the cluster; completes when that is done. */
    public CompletionStage<Void> stop() {
        member.takeRefusal();
        return member.stop();
    }
}
