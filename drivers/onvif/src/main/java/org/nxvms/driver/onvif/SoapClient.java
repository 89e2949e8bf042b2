// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.DeviceHttp.Ask;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/**
 * Operations of one session, logged in as the device wants it.
 *
 * <p>A device takes a login in the envelope (WS-Security), which holds the time of the device, or by HTTP (Digest). Which
 * of them it takes is found out by the first operation and kept (Core 5.9): first in the envelope; where HTTP is asked for,
 * by HTTP alone; where that is not enough, both. No way is tried twice with the same words, so that a wrong password costs
 * a device two refusals, not a lock-out. One conversation at a time.
 */
final class SoapClient {
    /** Profiles of a device of many channels, and a thousand events, are far below. */
    private static final int ANSWER_MAX = 2 << 20;

    private static final Duration OFF_BY = Duration.ofSeconds(1);
    /** What each user of a device may ask for (Core 5.9.1, READ_MEDIA), and devices seldom tell to all. */
    private static final Set<String> OF_EVERY_USER = Set.of("GetProfiles", "GetStreamUri");

    /** What may be asked, or told, twice: the second time it changes nothing more. */
    private static final Pattern REPEATABLE = Pattern.compile(
            "Get[A-Z].*|PullMessages|Renew|Unsubscribe|SetSynchronizationPoint|Stop|ContinuousMove|AbsoluteMove|Goto.*");

    private static final String ASK_TIME = Service.DEVICE.operation("GetSystemDateAndTime", "");

    /** How a login travels. */
    private enum Way {
        ENVELOPE,
        HTTP,
        BOTH
    }

    private final DeviceHttp http;
    private final String devicePath;
    private final Optional<Credentials> credentials;
    private volatile Duration ahead = Duration.ZERO;
    private volatile Way way = Way.ENVELOPE;
    /**
     * Whether something was answered with this login. Then a refusal is about a right, or the device's clock, unless the device
     * does not look at logins where it is asked what it tells to all.
     */
    private volatile boolean accepted;

    private volatile boolean triedByHttp;

    /** @param devicePath where the Device service is */
    SoapClient(DeviceHttp http, String devicePath, Optional<Credentials> credentials) {
        this.http = http;
        this.devicePath = devicePath;
        this.credentials = credentials;
    }

    DeviceHttp http() {
        return http;
    }

    /**
     * One operation.
     *
     * @param target path and query
     * @param name for messages
     * @param header XML of the header beside the login; may be empty
     * @param timeMs how long it may take; 0: the session's time limit
     */
    record Call(String target, String name, String header, String body, int timeMs) {
        static Call of(String target, Service service, String name, String content) {
            return new Call(target, name, "", service.operation(name, content), 0);
        }
    }

    private record Answer(
            int status, Optional<XmlNode> body, Optional<SoapFault> fault, boolean challenged, String date) {
        boolean isRefusal() {
            return status == 401 || fault.isPresent() && fault.get().isAboutLogin() || isVague();
        }

        /** Some devices say this to a login that they do not like, and some to an operation that they do not have. */
        boolean isVague() {
            return status == 400 && fault.isEmpty();
        }
    }

    /**
     * Sends one request, and answers its response later: how a conversation is held, with a thread that waits or without one.
     */
    @FunctionalInterface
    interface Sender {
        CompletableFuture<HttpResponse<byte[]>> send(Ask ask, int most);
    }

    /** Waits for each answer; so conversations by it are over when they return. */
    CompletableFuture<HttpResponse<byte[]>> here(Ask ask, int most) {
        return Later.of(() -> http.exchange(ask, most));
    }

    /** Asks a device for its time, which it tells before any login, so that logins fit it. */
    void learnTime() throws DriverException {
        Later.now(learnTime(this::here));
    }

    private CompletableFuture<Void> learnTime(Sender by) {
        return send(new Call(devicePath, "GetSystemDateAndTime", "", ASK_TIME, 0), Optional.empty(), by)
                .thenAccept(answer -> {
                    Optional<Instant> told = answer.body()
                            .flatMap(body -> body.find("GetSystemDateAndTimeResponse"))
                            .flatMap(SoapClient::time)
                            .or(() -> httpDate(answer.date()));
                    // One that tells its time to nobody has, it is hoped, the right one.
                    ahead = told.map(time -> Duration.between(Instant.now(), time))
                            .orElse(Duration.ZERO);
                });
    }

    /** {@return the time by the device's clock, as far as it is known} */
    Instant deviceTime() {
        return Instant.now().plus(ahead);
    }

    /** {@return the UTC of an answer to {@code GetSystemDateAndTime}} */
    static Optional<Instant> time(XmlNode answer) {
        return answer.find("SystemDateAndTime", "UTCDateTime").flatMap(utc -> {
            try {
                return Optional.of(LocalDateTime.of(
                                Integer.parseInt(utc.text("Date", "Year")),
                                Integer.parseInt(utc.text("Date", "Month")),
                                Integer.parseInt(utc.text("Date", "Day")),
                                Integer.parseInt(utc.text("Time", "Hour")),
                                Integer.parseInt(utc.text("Time", "Minute")),
                                Math.min(59, Integer.parseInt(utc.text("Time", "Second"))))
                        .toInstant(ZoneOffset.UTC));
            } catch (DateTimeException | NumberFormatException none) {
                return Optional.empty();
            }
        });
    }

    private static Optional<Instant> httpDate(String date) {
        try {
            return date.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    /**
     * {@return the element in the body of the answer}
     *
     * @throws DriverException as the fault says; kind AUTH when no way to log in is taken
     */
    XmlNode call(Call call) throws DriverException {
        return Later.now(call(call, this::here));
    }

    /** As {@link #call(Call)}, as a conversation by requests that are sent so. */
    CompletableFuture<XmlNode> call(Call call, Sender by) {
        return send(call, login(), by)
                .thenCompose(answer -> answer.isRefusal() && credentials.isPresent()
                        ? again(call, answer, by)
                        : CompletableFuture.completedFuture(answer))
                .thenCompose(answer -> result(call, answer, by));
    }

    private Optional<Way> login() {
        return credentials.isPresent() ? Optional.of(way) : Optional.empty();
    }

    /** As {@link #call(Call)}, for what devices tell before any login; who wants one all the same gets it. */
    XmlNode callOpen(Call call) throws DriverException {
        Answer answer = Later.now(send(call, Optional.empty(), this::here));
        if (answer.isRefusal() && credentials.isPresent()) {
            return call(call);
        }
        if (answer.isRefusal() && !answer.isVague()) {
            throw http.loginTrouble();
        }
        return element(call, answer);
    }

    /** A refusal has three reasons: the wrong way, the wrong time, the wrong words. */
    private CompletableFuture<Answer> again(Call call, Answer first, Sender by) {
        CompletableFuture<Answer> inTime = way == Way.HTTP
                ? CompletableFuture.completedFuture(first)
                : isTimeWrong(by)
                        .thenCompose(wrong ->
                                wrong ? send(call, Optional.of(way), by) : CompletableFuture.completedFuture(first));
        return inTime.thenCompose(answer -> answer.isRefusal() && answer.challenged() && mayTryHttp(call)
                ? byHttp(call, by)
                : CompletableFuture.completedFuture(answer));
    }

    private boolean mayTryHttp(Call call) {
        return way == Way.ENVELOPE && (!accepted || !triedByHttp || OF_EVERY_USER.contains(call.name()));
    }

    private CompletableFuture<Answer> byHttp(Call call, Sender by) {
        triedByHttp = true;
        return send(call, Optional.of(Way.HTTP), by).thenCompose(answer -> {
            way = answer.isRefusal() ? way : Way.HTTP;
            if (!answer.isRefusal() || answer.status() == 401) {
                return CompletableFuture.completedFuture(answer);
            }
            // Let in by HTTP, and not by the service.
            return send(call, Optional.of(Way.BOTH), by).thenApply(both -> {
                way = both.isRefusal() ? way : Way.BOTH;
                return both;
            });
        });
    }

    private CompletableFuture<Boolean> isTimeWrong(Sender by) {
        Duration before = ahead;
        return learnTime(by).thenApply(done -> ahead.minus(before).abs().compareTo(OFF_BY) > 0);
    }

    private CompletableFuture<Answer> send(Call call, Optional<Way> login, Sender by) {
        boolean byEnvelope = login.isPresent() && login.get() != Way.HTTP;
        boolean byHttp = login.isPresent() && login.get() != Way.ENVELOPE;
        String token = byEnvelope ? SoapText.usernameToken(credentials.orElseThrow(), deviceTime()) : "";
        String text = SoapText.envelope(call.header() + token, call.body());
        Ask ask = new Ask(
                "POST",
                call.target(),
                Map.of("Content-Type", "application/soap+xml; charset=utf-8"),
                BodyPublishers.ofString(text),
                byHttp,
                call.timeMs(),
                REPEATABLE.matcher(call.name()).matches());
        return by.send(ask, ANSWER_MAX).thenCompose(response -> Later.of(() -> answer(response)));
    }

    private static Answer answer(HttpResponse<byte[]> response) throws DriverException {
        int status = response.statusCode();
        Optional<XmlNode> body = Optional.empty();
        if (status == 200 || status == 400 || status == 500) {
            try {
                body = XmlNode.read(response.body()).find("Body");
            } catch (DriverException noXml) {
                if (status == 200) {
                    throw noXml;
                }
            }
        }
        boolean challenged = response.headers().firstValue("WWW-Authenticate").isPresent();
        String date = response.headers().firstValue("Date").orElse("");
        return new Answer(status, body, body.flatMap(SoapFault::of), challenged, date);
    }

    private CompletableFuture<XmlNode> result(Call call, Answer answer, Sender by) {
        if (!answer.isRefusal()) {
            return Later.of(() -> letIn(call, answer));
        }
        boolean before = accepted;
        CompletableFuture<Boolean> wrong =
                !before && !answer.isVague() ? CompletableFuture.completedFuture(true) : isLoginWrong(call, by);
        return wrong.thenCompose(isWrong -> Later.of(() -> {
            if (isWrong) {
                throw http.loginTrouble();
            }
            if (before) {
                throw noRight(call);
            }
            return letIn(call, answer);
        }));
    }

    private XmlNode letIn(Call call, Answer answer) throws DriverException {
        XmlNode result = element(call, answer);
        accepted |= credentials.isPresent();
        return result;
    }

    private static XmlNode element(Call call, Answer answer) throws DriverException {
        if (answer.fault().isPresent()) {
            throw answer.fault().get().exception(call.name());
        }
        switch (answer.status()) {
            case 200 -> {}
            case 403 -> throw noRight(call);
            case 404, 405 ->
                throw new DriverException(
                        Kind.UNSUPPORTED,
                        "The camera has no ONVIF service at " + call.target()
                                + "; is ONVIF switched on in it, and is this its address?");
            case 503 -> throw new DriverException(Kind.BUSY, "The camera is busy (503); it is asked again later.");
            default ->
                throw new DriverException(
                        Kind.PROTOCOL, "The camera answers " + call.name() + " with status " + answer.status() + ".");
        }
        return answer.body()
                .flatMap(body -> body.children().stream().findFirst())
                .orElseThrow(() -> new DriverException(
                        Kind.PROTOCOL, "The camera's answer to " + call.name() + " is no envelope of SOAP."));
    }

    /** Devices refuse a right that is not held as they refuse a login: what everybody may see tells them apart. */
    private CompletableFuture<Boolean> isLoginWrong(Call call, Sender by) {
        if (call.name().equals(Services.ASK_IDENTITY)) {
            return CompletableFuture.completedFuture(true);
        }
        Call identity = Call.of(devicePath, Service.DEVICE, Services.ASK_IDENTITY, "");
        if (!accepted) {
            return isRefused(identity, by);
        }
        return send(identity, login(), by).thenCompose(answer -> {
            boolean wrong = answer.isRefusal();
            return wrong || !OF_EVERY_USER.contains(call.name())
                    ? CompletableFuture.completedFuture(wrong)
                    // Told to who brings no login, it says nothing about ours.
                    : send(identity, Optional.empty(), by).thenApply(open -> !open.isRefusal());
        });
    }

    /** {@return whether no way to log in is taken} */
    private CompletableFuture<Boolean> isRefused(Call call, Sender by) {
        return call(call, by)
                .handle((answer, failed) -> Later.of(() -> {
                    if (failed != null && !Later.isOf(failed, Kind.AUTH)) {
                        throw new CompletionException(Later.cause(failed));
                    }
                    return failed != null;
                }))
                .thenCompose(answer -> answer);
    }

    /** UNSUPPORTED keeps the session: what the user may do goes on. */
    private static DriverException noRight(Call call) {
        return new DriverException(
                Kind.UNSUPPORTED, "The camera's user has no right to " + call.name() + "; use one with more rights.");
    }
}
