"""Words of what is collected on the spot: evidence, signatures, kinds of files."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class EvidenceKind(Term):
    """What a file proves (证据材料)."""

    SCENE = "scene", "现场照片、视频", "Picture or video of the scene"
    MATERIAL = "material", "查阅的材料", "Material looked through"
    CERTIFICATE_SHOWN = "shown", "亮证照片", "Picture of the certificates being shown"
    REGISTRY = "registry", "登记信息查询结果", "Extract of the registry"
    RELOCATION = "relocation", "迁出证明", "Proof of moving out"
    CLOSURE = "closure", "停业、清算证明", "Proof of closure or liquidation"
    LETTER = "letter", "专用信函寄送凭证", "Receipt of a registered letter"
    SIGNED_FORM = "signed_form", "签字的纸质记录表", "Signed form on paper"


class MediaKind(Term):
    """Kind of a file by its content, never by its name."""

    JPEG = "image/jpeg", "JPEG 图片", "JPEG picture"
    PNG = "image/png", "PNG 图片", "PNG picture"
    WEBP = "image/webp", "WebP 图片", "WebP picture"
    PDF = "application/pdf", "PDF 文档", "PDF document"
    VIDEO = "video/mp4", "MP4 视频", "MP4 video"

    @property
    def is_picture(self) -> bool:
        """Whether a small copy can be made of it."""
        return self in (MediaKind.JPEG, MediaKind.PNG, MediaKind.WEBP)


class SignerRole(Term):
    """Who signs the record of the check (R46)."""

    REPRESENTATIVE = "enterprise", "企业负责人或者现场人员", "Representative of the enterprise"
    INSPECTOR = "inspector", "执法检查人员", "Inspector"
