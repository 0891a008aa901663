package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClassArchiveTest {

    @Test
    void isNotMadeWhereTwoMembersMoreHaveNoRoom() {
        assertThat(ClassArchive.hasRoom(512L << 20)).isFalse();
        assertThat(ClassArchive.hasRoom(900L << 20)).isTrue();
    }
}
