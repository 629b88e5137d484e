// OpenSSL's macros and callbacks behind COpenSSL.h.

#define _GNU_SOURCE
#include "COpenSSL.h"

#include <string.h>
#include <time.h>

int co_set_versions(SSL_CTX *context, int least, int greatest) {
  return SSL_CTX_set_min_proto_version(context, least) == 1 && SSL_CTX_set_max_proto_version(context, greatest) == 1;
}

int co_set_groups(SSL_CTX *context, const char *names) { return SSL_CTX_set1_groups_list(context, names) == 1; }

void co_set_modes_and_options(SSL_CTX *context) {
  SSL_CTX_set_mode(
      context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
}

void co_keep_no_sessions(SSL_CTX *context) { SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); }

static int select_http11(
    SSL *session, const unsigned char **out, unsigned char *out_length, const unsigned char *in,
    unsigned int in_length, void *argument) {
  (void)session;
  (void)argument;
  static const unsigned char name[] = {'h', 't', 't', 'p', '/', '1', '.', '1'};
  // Each name is an octet of length and so many octets. SSL_select_next_proto is not used: it has read beyond empty
  // lists (CVE-2024-5535).
  for (unsigned int i = 0; i < in_length && in_length - i > in[i]; i += 1 + in[i]) {
    if (in[i] == sizeof name && memcmp(in + i + 1, name, sizeof name) == 0) {
      *out = in + i + 1;
      *out_length = sizeof name;
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void co_speak_http11_alone(SSL_CTX *context) { SSL_CTX_set_alpn_select_cb(context, select_http11, NULL); }

void co_choose_by_name(
    SSL_CTX *context, int (*choose)(SSL *session, int *alert, void *argument), void *argument) {
  SSL_CTX_set_tlsext_servername_callback(context, choose);
  SSL_CTX_set_tlsext_servername_arg(context, argument);
}

int co_want_name(SSL *session, const char *name) { return SSL_set_tlsext_host_name(session, name) == 1; }

BIO *co_new_pipe(void) {
  BIO *pipe = BIO_new(BIO_s_mem());
  if (pipe != NULL) BIO_set_mem_eof_return(pipe, -1);
  return pipe;
}

size_t co_waiting(BIO *pipe) { return BIO_ctrl_pending(pipe); }

static void count_message(
    int sent, int version, int type, const void *octets, size_t length, SSL *session, void *argument) {
  (void)version;
  (void)octets;
  (void)length;
  (void)session;
  if (!sent && type == SSL3_RT_HANDSHAKE) ++*(uint32_t *)argument;
}

void co_count_handshake_messages(SSL *session, uint32_t *counter) {
  SSL_set_msg_callback(session, count_message);
  SSL_set_msg_callback_arg(session, counter);
}

EVP_PKEY *co_new_p256_key(void) { return EVP_EC_gen("P-256"); }

int co_rsa_bits(const EVP_PKEY *key) {
  int kind = EVP_PKEY_get_base_id(key);
  return kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS ? EVP_PKEY_get_bits(key) : 0;
}

int co_seconds(const ASN1_TIME *time, int64_t *seconds) {
  struct tm parts;
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  *seconds = (int64_t)timegm(&parts);
  return 1;
}

int co_has_weak_signature(X509 *certificate) {
  int digest = NID_undef;
  if (X509_get_signature_info(certificate, &digest, NULL, NULL, NULL) != 1) return 0;
  return digest == NID_md5 || digest == NID_sha1 || digest == NID_md5_sha1;
}

int co_is_end_of_pem(void) {
  unsigned long last = ERR_peek_last_error();
  return ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
}
