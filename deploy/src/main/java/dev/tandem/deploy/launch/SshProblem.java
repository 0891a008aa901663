package dev.tandem.deploy.launch;

import java.util.List;
import java.util.Locale;

/** Says in Tandem's words what ssh complains of. */
final class SshProblem {

    /** ssh's own exit code; every other one is that of the command on the host. */
    static final int EXIT = 255;

    private record Kind(List<String> signs, String meaning, String advice) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    List.of("host key verification failed", "remote host identification has changed"),
                    "its host key is unknown or has changed",
                    "Maybe connect once by hand, 'ssh %s', and look at the key."),
            new Kind(
                    List.of("permission denied", "too many authentication failures"),
                    "it does not accept any key",
                    "Maybe copy one there: ssh-copy-id %s. Passwords are never asked for."),
            new Kind(
                    List.of("could not resolve hostname", "name or service not known"),
                    "its name cannot be resolved",
                    "Maybe use its address."),
            new Kind(
                    List.of("connection refused"),
                    "nothing listens on its ssh port",
                    "Maybe start sshd there, or name another port with ssh-options = [\"-p\", \"PORT\"]."),
            new Kind(
                    List.of("timed out", "no route to host", "network is unreachable", "host is down"),
                    "there is no route to it",
                    "Maybe it is switched off, or on another network."));

    private SshProblem() {}

    /** One sentence or two, with what ssh said at the end. */
    static String describe(String destination, String said) {
        String last = said.strip().lines().reduce((first, second) -> second).orElse("no word of ssh");
        String lower = said.toLowerCase(Locale.ROOT);
        return KINDS.stream()
                .filter(kind -> kind.signs().stream().anyMatch(lower::contains))
                .findFirst()
                .map(kind -> "%s cannot be reached: %s (%s). %s"
                        .formatted(
                                destination, kind.meaning(), last, kind.advice().formatted(destination)))
                .orElse("ssh to " + destination + " failed: " + last);
    }
}
