package org.corestack.table;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Finds which method a method reference refers to, by serializing it to nowhere and looking at what would have
 * been written. Unlike calling its {@code writeReplace} by reflection this needs no package of the user's to be
 * opened. It takes about half a microsecond, which is why nothing is cached.
 */
final class AccessorReader extends ObjectOutputStream {
    private @Nullable SerializedLambda found;

    private AccessorReader() throws IOException {
        super(OutputStream.nullOutputStream());
        enableReplaceObject(true);
    }

    /** The method that the reference names; INVALID_ARGUMENT if it is not a reference to a getter. */
    static PathStep.ByAccessor read(Accessor<?, ?> accessor) {
        SerializedLambda lambda = lambda(accessor);
        String method = lambda.getImplMethodName();
        int kind = lambda.getImplMethodKind();
        boolean instance = kind == MethodHandleInfo.REF_invokeVirtual || kind == MethodHandleInfo.REF_invokeInterface;
        if (!instance || method.startsWith("lambda$")) {
            throw refused("it is a lambda or refers to a static method", null);
        }
        if (lambda.getCapturedArgCount() != 0) {
            throw refused("it is bound to one object", null);
        }
        if (!lambda.getImplMethodSignature().startsWith("()")) {
            throw refused("the method " + method + " takes an argument", null);
        }
        return new PathStep.ByAccessor(lambda.getImplClass().replace('/', '.'), method);
    }

    private static SerializedLambda lambda(Accessor<?, ?> accessor) {
        try (AccessorReader reader = new AccessorReader()) {
            reader.writeObject(accessor);
            SerializedLambda lambda = reader.found;
            if (lambda == null) {
                throw refused(
                        "it is an object of the class " + accessor.getClass().getName(), null);
            }
            return lambda;
        } catch (IOException e) {
            throw refused("it is a lambda or object that can't be looked into", e);
        }
    }

    @Override
    protected @Nullable Object replaceObject(Object object) {
        if (object instanceof SerializedLambda lambda) {
            if (found == null) {
                found = lambda;
            }
            return null;
        }
        return object;
    }

    private static CoreException refused(String why, @Nullable Throwable cause) {
        return new CoreException(
                ErrorCode.INVALID_ARGUMENT,
                "a field can't be named by this accessor: " + why
                        + "; pass a method reference to a getter or record accessor, such as Order::status",
                cause);
    }
}
