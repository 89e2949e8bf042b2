// SPDX-License-Identifier: Apache-2.0
package org.nxvms.karaf.subject;

import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Sends the calls that Java no longer answers to {@link InheritedSubject}, which has methods of the same names and types:
 * a class keeps its shape, only the owner of the called method changes.
 */
final class SubjectCalls {
    private static final String CONTEXT = "Ljava/security/AccessControlContext;";
    private static final Set<String> CALLS = Set.of(
            "javax/security/auth/Subject.getSubject(" + CONTEXT + ")Ljavax/security/auth/Subject;",
            "java/security/AccessController.doPrivileged(Ljava/security/PrivilegedAction;" + CONTEXT
                    + ")Ljava/lang/Object;",
            "java/security/AccessController.doPrivileged(Ljava/security/PrivilegedExceptionAction;" + CONTEXT
                    + ")Ljava/lang/Object;");
    private static final String ANSWERING = Type.getInternalName(InheritedSubject.class);

    private SubjectCalls() {}

    static byte[] exchangedIn(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new Exchange(writer), 0);
        return writer.toByteArray();
    }

    private static final class Exchange extends ClassVisitor {
        Exchange(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String generic, String[] thrown) {
            return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, name, type, generic, thrown)) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String called, String types, boolean itf) {
                    boolean exchanged = opcode == Opcodes.INVOKESTATIC && CALLS.contains(owner + "." + called + types);
                    super.visitMethodInsn(opcode, exchanged ? ANSWERING : owner, called, types, itf);
                }
            };
        }
    }
}
