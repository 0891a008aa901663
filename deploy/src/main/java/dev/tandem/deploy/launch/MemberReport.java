package dev.tandem.deploy.launch;

import java.util.List;

/**
 * What became of one member.
 *
 * @param address {@code host:port} of the cluster protocol
 * @param pid on its host; 0 where there is none
 * @param reason why it is not as asked; empty where it is
 * @param notes what the user should know beside
 * @param log the end of its log where that tells more, else empty
 */
public record MemberReport(
        String name,
        String destination,
        String address,
        MemberState state,
        long pid,
        String reason,
        List<String> notes,
        List<String> log) {

    public MemberReport {
        notes = List.copyOf(notes);
        log = List.copyOf(log);
    }
}
