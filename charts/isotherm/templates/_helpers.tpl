{{- define "isotherm.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "isotherm.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "isotherm.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{ include "isotherm.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "isotherm.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "isotherm.name" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "isotherm.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- /* What cannot work is refused here, with a sentence. */ -}}
{{- define "isotherm.check" -}}
{{- $given := .Values.secretSettings }}
{{- $store := or .Values.clickhouse.host $given.store }}
{{- $saved := or .Values.postgresql.host $given.saved }}
{{- $bodies := or .Values.s3.bucket (and $given.replays_url $given.pictures_url) }}
{{- if and (gt (int .Values.workers) 1) (not $store) }}
{{- fail "More than one worker need ClickHouse: set clickhouse.host, or workers to 1." }}
{{- end }}
{{- if and (gt (int .Values.replicas) 1) (not (and $store $saved $bodies)) }}
{{- fail "More than one pod share ClickHouse, PostgreSQL and S3: set clickhouse.host, postgresql.host and s3.bucket, or replicas to 1." }}
{{- end }}
{{- if and .Values.settings.hash_users $saved (not $given.user_key) }}
{{- fail "Each pod would hash users in its own way: name a secret for secretSettings.user_key." }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) }}
{{- fail "Set ingress.host: the name under which browsers reach the intake." }}
{{- end }}
{{- end }}

{{- define "isotherm.secret" -}}
valueFrom:
  secretKeyRef:
    name: {{ .name | quote }}
    key: {{ .key | quote }}
{{- end }}

{{- define "isotherm.environment" -}}
{{- $given := .Values.secretSettings }}
- name: HOME
  value: /tmp
- name: ISOTHERM_DATA
  value: /data
- name: ISOTHERM_HOST
  value: "0.0.0.0"
- name: ISOTHERM_PORT
  value: "8420"
- name: WEB_CONCURRENCY
  value: {{ .Values.workers | quote }}
{{- with .Values.clickhouse }}
{{- if and .host (not $given.store) }}
- name: CLICKHOUSE_PASSWORD
  {{- include "isotherm.secret" .password | nindent 2 }}
- name: ISOTHERM_STORE
  value: {{ printf "%s://%s:$(CLICKHOUSE_PASSWORD)@%s:%d/%s" (ternary "clickhouses" "clickhouse" .tls) (urlquery .user) .host (int .port) .database | quote }}
{{- end }}
{{- end }}
{{- with .Values.postgresql }}
{{- if and .host (not $given.saved) }}
- name: POSTGRESQL_PASSWORD
  {{- include "isotherm.secret" .password | nindent 2 }}
- name: ISOTHERM_SAVED
  value: {{ printf "postgresql://%s:$(POSTGRESQL_PASSWORD)@%s:%d/%s?sslmode=%s" (urlquery .user) .host (int .port) .database .sslmode | quote }}
{{- end }}
{{- end }}
{{- with .Values.s3 }}
{{- if .bucket }}
{{- if not $given.replays_url }}
- name: ISOTHERM_REPLAYS_URL
  value: {{ printf "s3://%s/%s" .bucket .replays | quote }}
{{- end }}
{{- if not $given.pictures_url }}
- name: ISOTHERM_PICTURES_URL
  value: {{ printf "s3://%s/%s" .bucket .pictures | quote }}
{{- end }}
{{- end }}
{{- if or .bucket $given.replays_url $given.pictures_url }}
- name: AWS_DEFAULT_REGION
  value: {{ .region | quote }}
{{- with .endpoint }}
- name: AWS_ENDPOINT_URL
  value: {{ . | quote }}
{{- end }}
{{- if .accessKeyId.name }}
- name: AWS_ACCESS_KEY_ID
  {{- include "isotherm.secret" .accessKeyId | nindent 2 }}
- name: AWS_SECRET_ACCESS_KEY
  {{- include "isotherm.secret" .secretAccessKey | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- range $name, $secret := $given }}
- name: {{ printf "ISOTHERM_%s" (upper $name) }}
  {{- include "isotherm.secret" $secret | nindent 2 }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ printf "ISOTHERM_%s" (upper $name) }}
  value: {{ if kindIs "slice" $value }}{{ join "," $value | quote }}{{ else if kindIs "float64" $value }}{{ printf "%v" (ternary (int64 $value) $value (eq (floor $value) $value)) | quote }}{{ else }}{{ $value | quote }}{{ end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
