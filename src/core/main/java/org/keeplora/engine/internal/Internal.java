package org.keeplora.engine.internal;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/** Marks a package that may change in any version; it is for the modules of this project. */
@Documented
@Target(ElementType.PACKAGE)
public @interface Internal {}
