// OpenSSL's libssl and libcrypto, and as functions what they offer as macros, which Swift cannot call.

#ifndef COPENSSL_H
#define COPENSSL_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdint.h>

/// Sets the least and the greatest version of the protocol, 0 for no bound; 1 on success.
int co_set_versions(SSL_CTX *context, int least, int greatest);
/// Sets the groups of the key exchange by name, in order; 1 on success, 0 if the library lacks one of them.
int co_set_groups(SSL_CTX *context, const char *names);
/// Buffers are given back between records, a write may end after any whole record, and nothing is negotiated anew or
/// compressed.
void co_set_modes_and_options(SSL_CTX *context);
/// No session is kept here: whoever resumes brings a ticket.
void co_keep_no_sessions(SSL_CTX *context);

/// Server: takes `http/1.1` from a client's list of protocols (RFC 7301), and refuses a list without it.
void co_speak_http11_alone(SSL_CTX *context);

/// Server: calls `choose` in each handshake before a certificate is taken (RFC 6066 section 3), with SSL_TLSEXT_ERR_OK or
/// SSL_TLSEXT_ERR_NOACK as its answer.
void co_choose_by_name(
    SSL_CTX *context, int (*choose)(SSL *session, int *alert, void *argument), void *argument);
/// Client: names the server that is wanted; 1 on success.
int co_want_name(SSL *session, const char *name);

/// A memory BIO whose end means that more may come.
BIO *co_new_pipe(void);
/// Octets that wait in it.
size_t co_waiting(BIO *pipe);

/// Counts the handshake messages that arrive into `counter`, which must outlive the session.
void co_count_handshake_messages(SSL *session, uint32_t *counter);

/// A fresh key on P-256; NULL on failure.
EVP_PKEY *co_new_p256_key(void);
/// The size of an RSA key's modulus in bits; 0 for a key of another kind.
int co_rsa_bits(const EVP_PKEY *key);
/// Seconds since 1970 of a certificate's time; 1 on success.
int co_seconds(const ASN1_TIME *time, int64_t *seconds);
/// Whether the certificate is signed over a digest that collisions are known of: MD5 or SHA-1.
int co_has_weak_signature(X509 *certificate);
/// Whether the last failure of this thread was that there is no (further) PEM document.
int co_is_end_of_pem(void);

#endif
