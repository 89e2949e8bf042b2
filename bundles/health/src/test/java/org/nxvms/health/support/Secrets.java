// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.util.ArrayList;
import java.util.List;

/** Secrets and names to be planted, each with a form that such a thing has, and to be looked for afterwards. */
final class Secrets {
    static final String PASSWORD = "Tr0ub4dor-and-3";
    static final String URL = "rtsp://gatekeeper:" + PASSWORD + "@cam7.lan.example/live?pw=Qwertz77";
    static final String DATABASE = "jdbc:postgresql://db.example/vms?user=vms&password=Sup3rDb";
    static final String TOTP = "JBSWY3DPEHPK3PXP";
    static final String OTPAUTH = "otpauth://totp/NXvms:erika?secret=" + TOTP + "&issuer=NXvms";
    /** As OpaqueSecret makes API keys and refresh tokens. */
    static final String TOKEN = "pX3v-Zk8Qm1_TnW0yB7cLrD5eUaHsF2gJ9oKiV4xNtE";

    static final String JWT =
            "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJlcmlrYSIsImV4cCI6MTcwMH0.c2lnbmF0dXJlX29mX3RoZV90b2tlbg";
    static final String HASH = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21l$d0hvRXZlclJlYWRzVGhpc0lzTm90TWVhbnQ";
    static final String KEY = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2";
    static final String DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    static final String USER = "erika.mustermann";
    static final String MAIL = "erika@home.example";
    static final String CAMERA = "Nursery Müller";
    static final String GROUP = "Mustermann Family";
    static final String SERVER = "mustermann-house";
    static final String CLIENT = "203.0.113.77";
    static final String CLIENT6 = "2001:db8:7::42";

    /** Of whom, and of what, no service knows any more. */
    static final String REMOVED_USER = "anna.huber";

    static final String REMOVED_VOLUME = "Kanzlei-Huber";
    static final String HOST = "nas.kanzlei-huber.example";
    static final String DATABASE_HOST = "db.customer.example";

    /** Of a setting; nothing but that says that it is one. */
    static final String SET_HOST = "hubernas";

    private Secrets() {}

    /** {@return texts as a device, a library or a person might put one into a sentence} */
    static List<String> sentences() {
        return List.of(
                "cannot open " + URL + " (401)",
                "GET http://" + USER + ":" + PASSWORD + "@" + CLIENT + "/ failed",
                "Authorization: Basic Z2F0ZWtlZXBlcjpUcjB1YjRkb3I=",
                "header Cookie: nxvms_refresh=" + TOKEN,
                "sent Bearer " + JWT,
                "login with password=" + PASSWORD + ", user=" + USER,
                "the password is: " + PASSWORD + " indeed",
                "token " + TOKEN + " is not known",
                "enrolled " + OTPAUTH,
                "totp seed " + TOTP,
                "no connection by " + DATABASE,
                "hash " + HASH,
                "key " + KEY,
                "digest " + DIGEST,
                "User " + USER + " signed in from " + CLIENT,
                "Wrong password for \"" + USER + "\" from " + CLIENT6,
                "mail to " + MAIL + " failed",
                "Camera " + CAMERA + " is away",
                "Camera \"" + CAMERA + "\" of group " + GROUP + " at cam7.lan.example:554 is away",
                "webhook secret = whsec_a8B7c6D5e4F3g2H1",
                "server " + SERVER + " started",
                "Removed user " + REMOVED_USER,
                "User " + REMOVED_USER + " signed in from " + CLIENT,
                REMOVED_USER + " ended all sessions of user " + REMOVED_USER,
                "Volume " + REMOVED_VOLUME + ": /mnt/kunde-huber initialised with id 7",
                "Moving 0315-main.mp4 from volume " + REMOVED_VOLUME + ": it is full",
                "Connection to " + DATABASE_HOST + ":5432 refused. Check that it accepts connections",
                "java.net.UnknownHostException: " + HOST,
                "java.net.UnknownHostException: kundennas: Name or service not known",
                "kundennas: Temporary failure in name resolution",
                "Connection to kundennas:5432 refused. Check that the hostname is right",
                "the broker kundennas:8883 went away",
                "cannot connect to kundennas: timed out; connected with kundennas",
                "no route to host kundennas, dialing kundennas",
                "camera at nas.huber.sh:554 went away, nas.huber.zip too, and to huber.so",
                "Connection to com.kanzlei-huber.nas:443 refused, from io.huber",
                "the directory " + SET_HOST + " does not answer",
                "camera at Nas.Kanzlei-Huber.Example:554 went away, " + HOST.toUpperCase(java.util.Locale.ROOT)
                        + ", too");
    }

    /** {@return what must not be found in the bundle} */
    static List<String> all() {
        return new ArrayList<>(List.of(
                PASSWORD,
                "gatekeeper",
                "cam7",
                "Qwertz77",
                "db.example",
                "Sup3rDb",
                TOTP,
                TOKEN,
                "eyJhbGci",
                "eyJzdWIi",
                "c2lnbmF0dXJl",
                "d0hvRXZlclJlYWRz",
                "c29tZXNhbHRzb21l",
                KEY,
                DIGEST,
                "Z2F0ZWtlZXBlcjp",
                USER,
                "erika",
                MAIL,
                "Nursery",
                "Müller",
                "Mustermann",
                "mustermann",
                CLIENT,
                CLIENT6,
                "whsec_a8B7c6D5e4F3g2H1",
                "huber",
                "Huber",
                "HUBER",
                "customer",
                "kundennas"));
    }
}
