// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nxvms.simulator.device.DeviceAccounts;
import org.nxvms.simulator.device.DeviceAccounts.Account;
import org.nxvms.simulator.device.DeviceAccounts.Refusal;
import org.nxvms.simulator.http.HttpAnswer;
import org.w3c.dom.Element;

/** Users by the Device service (Core 8.4): all of a request or nothing of it. */
final class OnvifAccounts {
    static final Set<String> OPERATIONS = Set.of("GetUsers", "CreateUsers", "SetUser", "DeleteUsers");

    private static final Set<String> LEVELS = Set.of("Administrator", "Operator", "User");
    private static final int PASSWORD_CHARS_MIN = 8;
    private static final int NAME_CHARS_MAX = 32;

    private final DeviceAccounts accounts;

    OnvifAccounts(DeviceAccounts accounts) {
        this.accounts = accounts;
    }

    HttpAnswer answer(SoapRequest request) {
        return switch (request.name()) {
            case "GetUsers" -> all();
            case "DeleteUsers" -> delete(request);
            default -> one(request);
        };
    }

    private HttpAnswer all() {
        StringBuilder xml = new StringBuilder("<tds:GetUsersResponse>");
        for (Account account : accounts.list()) {
            xml.append("<tds:User><tt:Username>")
                    .append(Soap.escaped(account.name()))
                    .append("</tt:Username><tt:UserLevel>")
                    .append(account.level())
                    .append("</tt:UserLevel></tds:User>");
        }
        return Soap.answer(xml.append("</tds:GetUsersResponse>").toString());
    }

    /** A device that takes one user a request, as many do. */
    private HttpAnswer one(SoapRequest request) {
        List<Element> users = SoapRequest.children(request.operation()).stream()
                .filter(child -> "User".equals(child.getLocalName()))
                .toList();
        if (users.size() != 1) {
            return Soap.fault("One user at a time.", "InvalidArgVal");
        }
        String name = text(users.get(0), "Username").orElse("");
        String level = text(users.get(0), "UserLevel").orElse("");
        Optional<String> password = text(users.get(0), "Password");
        if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
            return Soap.fault(
                    "The name has too few or too many characters.",
                    "OperationProhibited",
                    name.isEmpty() ? "UsernameTooShort" : "UsernameTooLong");
        }
        if (!LEVELS.contains(level)) {
            return Soap.fault("There is no such level.", "InvalidArgVal");
        }
        boolean adds = request.name().equals("CreateUsers");
        if (adds && password.isEmpty()
                || password.filter(word -> word.length() < PASSWORD_CHARS_MIN).isPresent()) {
            return Soap.fault("The password is too weak.", "OperationProhibited", "PasswordTooWeak");
        }
        return adds
                ? done(request, accounts.add(new Account(name, password.orElseThrow(), level)))
                : done(request, accounts.change(name, password, level));
    }

    private HttpAnswer delete(SoapRequest request) {
        return done(request, accounts.remove(request.text("Username")));
    }

    private static Optional<String> text(Element user, String name) {
        return SoapRequest.child(user, name).map(Element::getTextContent);
    }

    private static HttpAnswer done(SoapRequest request, Optional<Refusal> refusal) {
        return refusal.map(why -> switch (why) {
                    case CLASH -> Soap.fault("There is a user of this name.", "OperationProhibited", "UsernameClash");
                    case TOO_MANY -> Soap.fault("There are too many users.", "MaxUsers", "TooManyUsers");
                    case MISSING -> Soap.fault("There is no such user.", "InvalidArgVal", "UsernameMissing");
                    case FIXED -> Soap.fault("This user cannot be changed.", "InvalidArgVal", "FixedUser");
                })
                .orElseGet(() -> Soap.done("tds", request.name()));
    }
}
