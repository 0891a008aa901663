package dev.tandem.deploy.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A folder with a {@code bin/tandem} that behaves like a member as far as a launcher can see. Its node's name says how it
 * behaves; it ends with its parent folder, so that a failed test leaves nothing.
 */
final class StandInProgram {

    private static final String MEMBER =
            """
            #!/bin/sh
            while [ $# -gt 0 ]; do
                case $1 in
                    --config) config=$2 ;;
                    --address-file) address=$2 ;;
                    --ready-file) ready=$2 ;;
                esac
                shift
            done
            echo "options: ${TANDEM_JAVA_OPTS:-none}, java: ${JAVA_HOME:-any}, prefix: ${PREFIX:-none}"
            case $(cat "$config") in
                *name=dies*)
                    echo "tandem: cannot listen on 127.0.0.1 port 7355: Address already in use."
                    exit 3 ;;
                *name=stubborn*) trap '' TERM ;;
            esac
            case $(cat "$config") in
                *name=silent*) ;;
                *name=unmeasured*) echo 127.0.0.1:7355 >"$address" ;;
                *) echo 127.0.0.1:7355 >"$address"; echo 127.0.0.1:7355 >"$ready" ;;
            esac
            while [ -f "$config" ]; do sleep 0.05; done
            """;

    /** Takes what OpenSSH takes, and runs the command here; the destination says how it fails. */
    private static final String SSH =
            """
            #!/bin/sh
            while [ "$1" != -- ]; do shift; done
            case $2 in
                *unreachable) echo "ssh: connect to host board port 22: No route to host" >&2; exit 255 ;;
                *changed) echo "Host key verification failed." >&2; exit 255 ;;
                *garbled) case $3 in cat*) exec sh -c "head -c 100 | $3" ;; esac ;;
            esac
            echo "Welcome to this board."
            exec sh -c "$3"
            """;

    private StandInProgram() {}

    /** Makes the program in a folder. */
    static Path in(Path folder) {
        write(folder.resolve("bin/tandem"), MEMBER);
        return folder;
    }

    /** Makes a client of ssh in a folder. */
    static String ssh(Path folder) {
        return write(folder.resolve("ssh"), SSH).toString();
    }

    private static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
