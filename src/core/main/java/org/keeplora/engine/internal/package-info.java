/**
 * What engine shares with the other rooms of this project and not with those who embed it.
 */
@Internal
package org.keeplora.engine.internal;
