// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;

/** A device locks an account after a few bad logins, whichever of its streams they were for. The time is the test's own. */
class SharedLoginsTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TICK_NS = 10_000_000;
    /** A device's answer. */
    private static final long ANSWER_NS = 40_000_000;

    private final SharedLogins logins = new SharedLogins();

    private SharedLogins.Login login(String host, String password) {
        return logins.of(StreamEndpoint.rtspOverTcp(
                URI.create("rtsp://" + host + ":554/live"), Optional.of(new Credentials("admin", password))));
    }

    /** One stream that tries whenever it may, as its keeper lets it. */
    private static final class Channel {
        private final SharedLogins.Login login;
        private final Backoff backoff = new Backoff(() -> 0.5);
        private long dueNs;
        private long answerNs = -1;
        private int badLogins;
        private boolean playing;

        Channel(SharedLogins.Login login) {
            this.login = login;
        }

        void tick(long nowNs, boolean right) {
            if (playing) {
                return;
            }
            if (answerNs >= 0) {
                if (nowNs >= answerNs) {
                    answered(nowNs, right);
                }
            } else if (nowNs >= dueNs) {
                long restNs = login.restNs(nowNs);
                if (restNs > 0) {
                    dueNs = nowNs + restNs;
                } else if (login.mayTry(nowNs)) {
                    login.tried();
                    answerNs = nowNs + ANSWER_NS;
                }
            }
        }

        private void answered(long nowNs, boolean right) {
            answerNs = -1;
            if (right) {
                playing = true;
                backoff.succeeded();
                login.accepted();
            } else {
                badLogins++;
                login.refused(nowNs);
                dueNs = nowNs + backoff.afterMs(DriverException.Kind.AUTH) * 1_000_000;
            }
        }

        void hangUp(long nowNs) {
            playing = false;
            login.ended();
            dueNs = nowNs;
        }
    }

    private List<Channel> recorder(int channels) {
        List<Channel> all = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            all.add(new Channel(login("192.0.2.7", "s3cret")));
        }
        return all;
    }

    private static long run(List<Channel> channels, long fromNs, long toNs, boolean right) {
        for (long now = fromNs; now < toNs; now += TICK_NS) {
            for (Channel channel : channels) {
                channel.tick(now, right);
            }
        }
        return toNs;
    }

    private static int badLogins(List<Channel> channels) {
        return channels.stream().mapToInt(channel -> channel.badLogins).sum();
    }

    @Test
    void twoStreamsOfACameraWithAWrongPasswordAreRefusedTwiceTogether() {
        List<Channel> camera = recorder(2);
        run(camera, 0, 200 * SECOND_NS, false);
        assertThat(badLogins(camera)).isEqualTo(2);
    }

    @Test
    void aRecorderOfSixtyFourStreamsIsAskedAsSeldom() {
        List<Channel> recorder = recorder(64);
        run(recorder, 0, 200 * SECOND_NS, false);
        assertThat(badLogins(recorder)).isEqualTo(2);
        run(recorder, 200 * SECOND_NS, 3_800 * SECOND_NS, false);
        assertThat(badLogins(recorder)).as("in an hour").isBetween(8, 20);
    }

    @Test
    void soItIsWhenItsPasswordIsChangedAndItRestarts() {
        List<Channel> recorder = recorder(64);
        long now = run(recorder, 0, 5 * SECOND_NS, true);
        for (Channel channel : recorder) {
            channel.hangUp(now);
        }
        now = run(recorder, now, now + 200 * SECOND_NS, false);
        assertThat(badLogins(recorder)).isEqualTo(2);
        run(recorder, now, now + 600 * SECOND_NS, true);
        assertThat(recorder).allMatch(channel -> channel.playing);
    }

    @Test
    void allComeAtOnceWhenTheFirstIsLetIn() {
        List<Channel> recorder = recorder(64);
        run(recorder, 0, SECOND_NS, true);
        assertThat(recorder).allMatch(channel -> channel.playing);
    }

    /** Some cameras answer so where the user may not see one of the streams. */
    @Test
    void aStreamThatIsRefusedAloneCostsTheOthersNothing() {
        Channel main = new Channel(login("192.0.2.7", "s3cret"));
        Channel sub = new Channel(login("192.0.2.7", "s3cret"));
        run(List.of(main), 0, SECOND_NS, true);
        run(List.of(sub), SECOND_NS, 1_000 * SECOND_NS, false);
        assertThat(sub.badLogins).as("by its own count").isBetween(4, 5);
        main.hangUp(1_000 * SECOND_NS);
        run(List.of(main), 1_000 * SECOND_NS, 1_001 * SECOND_NS, true);
        assertThat(main.playing).isTrue();
    }

    @Test
    void sessionsThatEndWithARefusalAreTriedAgainAtOnce() {
        List<Channel> camera = recorder(2);
        long now = run(camera, 0, SECOND_NS, true);
        for (Channel channel : camera) {
            channel.login.refused(now);
            channel.hangUp(now);
        }
        run(camera, now, now + SECOND_NS, true);
        assertThat(camera).allMatch(channel -> channel.playing);
    }

    @Test
    void otherCamerasAndOtherPasswordsAreOtherLogins() {
        SharedLogins.Login first = login("192.0.2.7", "wrong");
        first.refused(0);
        first.refused(0);
        assertThat(login("192.0.2.7", "wrong").restNs(SECOND_NS)).isPositive();
        assertThat(login("192.0.2.7", "right").restNs(SECOND_NS)).isZero();
        assertThat(login("192.0.2.8", "wrong").restNs(SECOND_NS)).isZero();
        assertThat(logins.of(StreamEndpoint.rtspOverTcp(URI.create("rtsp://192.0.2.7:554/live"), Optional.empty()))
                        .restNs(SECOND_NS))
                .as("without a login")
                .isZero();
    }

    @Test
    void whoTakesAllStreamsOutAndInAgainAsksAgainAtOnce() {
        SharedLogins.Login main = login("192.0.2.7", "s3cret");
        SharedLogins.Login sub = login("192.0.2.7", "s3cret");
        main.refused(0);
        sub.refused(0);
        main.close();
        main.close();
        assertThat(sub.restNs(SECOND_NS)).isPositive();
        sub.close();
        assertThat(login("192.0.2.7", "s3cret").restNs(SECOND_NS)).isZero();
    }
}
